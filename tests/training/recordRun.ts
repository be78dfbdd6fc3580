import { createCpuDevice } from "../../src/devices/cpu/device.ts";
import type { RunConfig } from "../../src/session/config.ts";
import { type RunRecord, recordOf } from "../../src/session/diagnosis/record.ts";
import { guessingLoss, targetSpread } from "../../src/session/guess.ts";
import { createMetrics } from "../../src/session/metrics.ts";
import { prepareData } from "../../src/session/prepareData.ts";
import type { Evaluation } from "../../src/session/protocol.ts";
import { createRun, MAX_STEPS, type Run } from "../../src/session/run.ts";
import type { StepRows } from "../../src/session/stepRows.ts";

/** Looks at a run, evenly spread: as many as a page takes in a few seconds, and fewer where a look takes long. */
const looksOf = (examples: number): number => (examples > 2000 ? 4 : 40);

const none = new Float64Array();
const noRows: StepRows = {
  ...{ step: none, epoch: none, loss: none, gradNorm: none, learningRate: none },
  ...{ penalty: none, clipFactor: none, lossScale: none, skipped: none },
};

/** Training as a page does it: steps in submissions, both splits evaluated between some of them. */
async function train(run: Run, steps: number, counts: { readonly train: number; readonly validation: number }) {
  const history = createMetrics();
  let nonFinite: StepRows["nonFinite"];
  let lastRows: StepRows | undefined;
  const evaluate = async (split: "train" | "validation"): Promise<Evaluation> => ({
    step: run.step,
    ...(await run.evaluate(split)),
  });
  const look = async (rows: StepRows = noRows) => {
    nonFinite ??= rows.nonFinite;
    const train = [await evaluate("train")];
    const validation = counts.validation > 0 ? [await evaluate("validation")] : [];
    history.append({ ...rows, seconds: rows.step, epoch: 0, stepsPerSecond: 0, train, validation });
  };
  await look();
  const every = Math.min(MAX_STEPS, Math.max(1, Math.ceil(steps / looksOf(counts.train))));
  while (run.step < steps && nonFinite === undefined) {
    lastRows = await run.trainSteps(Math.min(every, steps - run.step));
    await look(lastRows);
  }
  return { history, nonFinite, lastRows };
}

/** How loss scaling fared over the rows of some steps. */
const scalingOf = ({ skipped, lossScale }: StepRows) => ({
  skipped: skipped.reduce((sum, value) => sum + value, 0) / skipped.length,
  lossScale: lossScale.at(-1) ?? Number.NaN,
});

/** Trains a run on the CPU device and gives what a diagnosis and a preset's check read of it. */
export async function recordRun(config: RunConfig, steps: number): Promise<RunRecord> {
  const device = await createCpuDevice({ deterministic: true });
  const data = prepareData(config.data, undefined);
  const run = await createRun({ config, data, device, probe: new Float32Array(data.inputWidth) });
  const { train: trainSplit, validation } = data.splits;
  const counts = { train: trainSplit.count, validation: validation.count };
  const { history, nonFinite, lastRows } = await train(run, steps - 1, counts);
  run.remember();
  const rows = await run.trainSteps(1);
  const scaling = scalingOf(lastRows ?? rows);
  history.append({ ...rows, seconds: rows.step, epoch: 0, stepsPerSecond: 0, train: [], validation: [] });
  const measured = await run.measure();
  device.destroy();
  const facts = {
    parameters: run.parameterCount,
    trainExamples: counts.train,
    guess: guessingLoss(targetSpread(data), config.loss.kind),
  };
  return recordOf({ config, history, nonFinite: nonFinite ?? rows.nonFinite, measured, scaling, ...facts });
}
