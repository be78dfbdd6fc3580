import { formatCount } from "../../lib/format.ts";
import type { GradientNoise } from "../../session/measurements.ts";

/** Estimates that are averaged: about ten seconds of them. */
const AVERAGED = 40;
/** Below this many, an average says nothing yet. */
const LEAST_ESTIMATES = 6;
/** Batches within this factor of the noise scale are about right. */
const AROUND = 2;

interface Estimate {
  readonly step: number;
  readonly noise: number;
  readonly signal: number;
}

/** The newest estimates of the gradient noise, oldest first. */
export type Estimates = readonly Estimate[];

/** With one more estimate. A step that is not later than those before belongs to another run: they are forgotten. */
export function withEstimate(estimates: Estimates, step: number, noise: GradientNoise | undefined): Estimates {
  const newest = estimates.at(-1)?.step ?? Number.NEGATIVE_INFINITY;
  const kept = step < newest ? [] : estimates;
  if (noise === undefined || step === newest) return kept;
  if (!Number.isFinite(noise.noise) || !Number.isFinite(noise.signal)) return kept;
  return [...kept, { step, noise: noise.noise, signal: noise.signal }].slice(-AVERAGED);
}

/** Rounded to one digit, two between 10 and 20: nobody knows it better. */
function roughly(value: number): string {
  const least = Math.max(1, value);
  const digits = Number(least.toPrecision(1)) === 10 ** Math.floor(Math.log10(least)) ? 2 : 1;
  return formatCount(Number(least.toPrecision(digits)));
}

/**
 * What the noise of the gradient says about the batch (McCandlish et al. 2018, https://arxiv.org/abs/1812.06162): noise
 * and signal are averaged before they are divided, since single estimates scatter.
 *
 * @param batch examples of a step.
 * @param examples of the training split, which no batch exceeds.
 */
export function noiseInWords(estimates: Estimates, batch: number, examples: number): string {
  if (estimates.length < LEAST_ESTIMATES) {
    return `Gradient noise: ${estimates.length} of ${LEAST_ESTIMATES} estimates so far, from pairs of steps.`;
  }
  const noise = estimates.reduce((sum, estimate) => sum + estimate.noise, 0);
  const signal = estimates.reduce((sum, estimate) => sum + estimate.signal, 0);
  const now = `this run takes ${formatCount(batch)}`;
  const scale = signal <= 0 ? examples : Math.max(1, noise / signal);
  if (scale >= examples) return `Even a batch of all ${formatCount(examples)} examples would pay; ${now}.`;
  if (scale > batch * AROUND) return `Batches up to about ${roughly(scale)} would pay; ${now}.`;
  if (scale * AROUND < batch) return `Batches beyond about ${roughly(scale)} gain little; ${now}.`;
  return `Batches of about ${roughly(scale)} are right; ${now}.`;
}
