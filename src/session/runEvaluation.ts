import type { PreparedData } from "../data/prepare.ts";
import type { Split } from "../engine/programs/context.ts";
import type { RunConfig } from "./config.ts";
import type { Loaded } from "./runMemory.ts";
import { runRows, writeAll } from "./runPrograms.ts";
import { lossOf, MAX_STEPS, settingsOf } from "./runShape.ts";
import { type MetricName, metricsColumn } from "./stepRows.ts";
import { batchRows, evaluationPlaces } from "./stepTable.ts";

/** Of a larger training split, a random sample of this many examples is evaluated: it has a curve of its own anyway. */
const MAX_TRAIN_EVALUATION = 8192;

/** What a run is evaluated with. */
export interface Evaluated {
  readonly loaded: Loaded;
  readonly config: RunConfig;
  readonly data: PreparedData;
}

/** Mean loss, and the fraction of right predictions in a classification. */
export interface SplitEvaluation {
  readonly loss: number;
  readonly accuracy: number | undefined;
}

/** Evaluates a split with the weights as they are once everything enqueued before is done. */
export async function evaluateSplit(of: Evaluated, split: Split): Promise<SplitEvaluation> {
  const { loaded, data } = of;
  const { plan, machine } = loaded;
  const all = data.splits[split].count;
  const count = split === "train" ? Math.min(all, MAX_TRAIN_EVALUATION) : all;
  const pending: Promise<Float32Array>[] = [];
  writeSettings(loaded, lossSettings(of, split));
  for (const places of evaluationPlaces(count, plan.evaluationBatch[split], MAX_STEPS)) {
    machine.write(plan.tables.batches, batchRows(places, count < all));
    pending.push(runRows(loaded, `evaluate-${split}`, places.length));
  }
  writeSettings(loaded, lossSettings(of));
  const metrics = (await Promise.all(pending)).flatMap((part) => [...part]);
  const sum = (name: MetricName) =>
    metricsColumn(metrics, plan.plan.replicas, name).reduce((total, value) => total + value, 0);
  return { loss: sum("loss") / count, accuracy: data.task === "classification" ? sum("hits") / count : undefined };
}

/** The loss's numbers for training, or for the evaluation of a split. Throws a `RunError` where they do not fit the data. */
export function lossSettings({ config, data }: Pick<Evaluated, "config" | "data">, split?: Split): Float32Array {
  const outputs = lossOf(config).outputsFor(data.outputs);
  return settingsOf(config, outputs, split && data.splits[split].targets);
}

export function writeSettings(loaded: Loaded, settings: Float32Array): void {
  if (settings.length > 0) writeAll(loaded, loaded.plan.tables.settings, settings);
}

/** The model's outputs for the probe inputs, of the first replica: (G, C) logits, or (G, O) targets of a regression. */
export async function predict({ loaded: { plan, machine }, config }: Evaluated): Promise<Float32Array> {
  machine.run("predict", 1);
  return lossOf(config).logitsOf(await machine.read(plan.probe.outputs));
}

/** As `predict`, for other inputs (N, I): as many at a time as `probe` (G, I) has room for, which is put back afterwards. */
export async function predictFor(of: Evaluated, inputs: Float32Array, probe: Float32Array): Promise<Float32Array> {
  const { plan, machine } = of.loaded;
  const parts: Promise<Float32Array>[] = [];
  for (let start = 0; start < inputs.length; start += probe.length) {
    const part = inputs.subarray(start, start + probe.length);
    machine.write(plan.probe.inputs, part);
    const share = part.length / probe.length;
    parts.push(predict(of).then((outputs) => outputs.subarray(0, Math.round(outputs.length * share))));
  }
  machine.write(plan.probe.inputs, probe.subarray(0, inputs.length));
  return Float32Array.from((await Promise.all(parts)).flatMap((part) => [...part]));
}
