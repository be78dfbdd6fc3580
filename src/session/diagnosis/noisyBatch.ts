import { formatCount, formatMeasure } from "../../lib/format.ts";
import type { Diagnosis } from "./finding.ts";
import { largerBatch, learningRateTimes, remediesOf } from "./remedies.ts";

const EARLIEST = 600;
/** A batch that is a larger part of the training split than this is no small sample of it. */
const SAMPLE = 0.1;
/** Swings of the whole training split's loss from look to look, as a part of guessing's loss. */
const SWING = 0.05;
/** A fall by so many swings over half the run shows through them. */
const THROUGH = 1.5;

export const noisyBatch: Diagnosis = {
  label: "Noise of the batch",
  detect(run, { steps, swing, guess, recent, before, earlier, relative }) {
    const { compute } = run.config;
    const batch = compute.batchSize * compute.accumulation;
    const part = batch / run.trainExamples;
    if (steps < EARLIEST || part > SAMPLE || relative(recent) < 0.3) return undefined;
    // Progress that shows through the noise is progress.
    if (!(swing > SWING * guess) || Math.max(before, earlier) - recent > THROUGH * swing) return undefined;
    const scale = run.measured?.gradientNoise?.scale;
    return {
      severity: "warn",
      sentence: `Batches of ${formatCount(batch)} are mostly noise.`,
      detail: `The loss on all training examples swings by ${formatMeasure(swing)} from look to look and no longer falls.`,
      evidence: { swing, before, recent, part, ...(scale !== undefined && scale > 0 ? { noiseScale: scale } : {}) },
      reason:
        `A batch is ${formatCount(batch)} of ${formatCount(run.trainExamples)} examples, and mostly asks for what only these need. ` +
        "Larger batches average that away, and shorter steps let it average out over time.",
      remedies: remediesOf(largerBatch(run.config, 8), learningRateTimes(run.config, 0.1)),
    };
  },
};
