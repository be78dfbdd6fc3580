import { formatCount, formatSetting } from "../../lib/format.ts";
import { type ActivationKind, activations, datasets, initializers, type RunConfig } from "../config.ts";
import { defaultMember, registries } from "../fields.ts";
import { MAX_LAYERS, MAX_WIDTH } from "../partFields.ts";
import type { Remedy } from "./finding.ts";

/** A change that may not apply: it would change nothing, or is not allowed. */
type Maybe = Remedy | undefined;

/** As many as the reading line has room for. */
const MOST = 3;

/** The first few that apply. */
export const remediesOf = (...list: readonly Maybe[]): readonly Remedy[] =>
  list.filter((remedy) => remedy !== undefined).slice(0, MOST);

/** To two significant digits, as one would type it. */
const rounded = (value: number): number => Number(value.toPrecision(2));

const withOptimizer = (values: Partial<RunConfig["optimizer"]>) => (config: RunConfig) =>
  ({ ...config, optimizer: { ...config.optimizer, ...values } }) as RunConfig;

/** The learning rate so many times as large; at most 100, the largest that is allowed. */
export function learningRateTimes({ optimizer }: RunConfig, factor: number): Maybe {
  const learningRate = Math.min(100, rounded(optimizer.learningRate * factor));
  if (learningRate === optimizer.learningRate || learningRate === 0) return undefined;
  return { label: `Learning rate ${formatSetting(learningRate)}`, change: withOptimizer({ learningRate }) };
}

/** Clipping by the global norm, or a norm so many times larger than the one that is set. */
export function clipNorm({ optimizer: { clipping } }: RunConfig, maxNorm = 1): Maybe {
  if (clipping.kind === "norm" && clipping.maxNorm === maxNorm) return undefined;
  return {
    label: `Clip the norm at ${formatSetting(maxNorm)}`,
    change: withOptimizer({ clipping: { kind: "norm", maxNorm } }),
  };
}

export function momentum({ optimizer }: RunConfig): Maybe {
  if (!("momentum" in optimizer) || optimizer.momentum >= 0.9) return undefined;
  return { label: "Momentum 0.9", change: withOptimizer({ momentum: 0.9 }) };
}

/** The share of itself that a weight loses with each step, or that is added to its gradient, in a decay that is felt. */
const FELT = 0.003;

/** What an optimizer's weight decay starts at: AdamW's is multiplied by the learning rate, others' joins the gradient. */
const leastDecay = ({ kind, learningRate }: RunConfig["optimizer"]) =>
  kind === "adamw" ? Math.min(10, rounded(FELT / learningRate)) : FELT;

/** The weight decay, where the optimizer has one. */
export const weightDecayOf = ({ optimizer }: RunConfig): number =>
  "weightDecay" in optimizer ? optimizer.weightDecay : 0;

/** Three times the decay; the penalty instead where the optimizer has none. */
export function moreWeightDecay(config: RunConfig): Maybe {
  const { optimizer, loss } = config;
  if (!("weightDecay" in optimizer)) {
    const l2 = Math.min(10, Math.max(0.003, rounded(loss.l2 * 3)));
    if (l2 === loss.l2) return undefined;
    return { label: `L2 penalty ${formatSetting(l2)}`, change: (now) => ({ ...now, loss: { ...now.loss, l2 } }) };
  }
  const weightDecay = Math.min(10, Math.max(leastDecay(optimizer), rounded(optimizer.weightDecay * 3)));
  if (weightDecay === optimizer.weightDecay) return undefined;
  return { label: `Weight decay ${formatSetting(weightDecay)}`, change: withOptimizer({ weightDecay }) };
}

export function lessWeightDecay(config: RunConfig): Maybe {
  if (weightDecayOf(config) === 0) return undefined;
  return { label: "No weight decay", change: withOptimizer({ weightDecay: 0 }) };
}

export function dropout({ model }: RunConfig, probability: number): Maybe {
  if (model.layers.length === 0 || model.dropout === probability) return undefined;
  return {
    label: probability === 0 ? "No dropout" : `Dropout ${formatSetting(probability)}`,
    change: (config) => ({ ...config, model: { ...config.model, dropout: probability } }),
  };
}

/** All of the training split where a part was left out, else four times as many examples where they are generated. */
export function moreData({ data }: RunConfig): Maybe {
  if (data.kept < 1) return { label: "All the data", change: (config) => withData(config, { kept: 1 }) };
  if (data.kind === "file") return undefined;
  const size = Math.min(datasets[data.kind].hyperparameters.size.max, 4 * data.size);
  if (size === data.size) return undefined;
  return { label: `${formatCount(size)} examples`, change: (config) => withData(config, { size }) };
}

const withData = (config: RunConfig, values: object): RunConfig =>
  ({ ...config, data: { ...config.data, ...values } }) as RunConfig;

export function largerBatch({ compute }: RunConfig, factor = 4): Maybe {
  const batchSize = Math.min(65_536, compute.batchSize * factor);
  if (batchSize === compute.batchSize) return undefined;
  return {
    label: `Batch size ${formatCount(batchSize)}`,
    change: (config) => ({ ...config, compute: { ...config.compute, batchSize } }),
  };
}

export function earlyStopping({ stopping }: RunConfig, patience = 20): Maybe {
  if (stopping.patience > 0) return undefined;
  return {
    label: `Stop after ${patience} worse epochs`,
    change: (config) => ({ ...config, stopping: { ...config.stopping, patience } }),
  };
}

/** Twice as wide, or two layers where there are none. */
export function widerLayers({ model }: RunConfig): Maybe {
  const widest = Math.max(0, ...model.layers.map(({ width }) => width));
  if (widest * 2 > MAX_WIDTH) return undefined;
  if (model.layers.length === 0) return deeper(model);
  const layers = model.layers.map((layer) => ({ ...layer, width: Math.max(8, layer.width * 2) }));
  const label = `Layers of ${[...new Set(layers.map(({ width }) => formatCount(width)))].join(" and ")}`;
  return { label, change: (config) => ({ ...config, model: { ...config.model, layers } }) };
}

export const oneMoreLayer = ({ model }: RunConfig): Maybe => deeper(model);

function deeper({ layers }: RunConfig["model"]): Maybe {
  if (layers.length >= MAX_LAYERS) return undefined;
  const added = layers.at(-1) ?? { width: 16, activation: "tanh" };
  return {
    label: "One more layer",
    change: (config) => ({ ...config, model: { ...config.model, layers: [...layers, added] } }),
  };
}

/** Another activation in all layers, with the initial weights that suit it. */
export function activation(
  { model }: RunConfig,
  kind: ActivationKind,
  initializer: keyof typeof initializers = "heUniform",
): Maybe {
  const isThere = model.layers.every((layer) => layer.activation === kind) && model.initializer.kind === initializer;
  if (isThere || model.layers.length === 0) return undefined;
  const layers = model.layers.map((layer) => ({ ...layer, activation: kind }));
  const weights = defaultMember(registries.initializer, initializer) as RunConfig["model"]["initializer"];
  return {
    label: `${activations[kind].label}, ${initializers[initializer].label}`,
    change: (config) => ({ ...config, model: { ...config.model, layers, initializer: weights } }),
  };
}

/** Two changes as one, under one name. */
export function together(label: string, first: Maybe, second: Maybe): Maybe {
  if (first === undefined || second === undefined) return first ?? second;
  return { label, change: (config) => second.change(first.change(config)) };
}

/** The initializer's own size, where it was changed. */
export function plainGain({ model: { initializer } }: RunConfig): Maybe {
  if (!("gain" in initializer) || initializer.gain === 1) return undefined;
  return {
    label: "Initial weights × 1",
    change: (config) => ({ ...config, model: { ...config.model, initializer: { ...initializer, gain: 1 } } }),
  };
}

/** Another optimizer with its own defaults; schedule and clipping stay. */
export function optimizerWithDefaults({ optimizer }: RunConfig, kind: "adam"): Maybe {
  if (optimizer.kind === kind || optimizer.kind === "adamw") return undefined;
  const { schedule, clipping, batchScaling, referenceBatch } = optimizer;
  const member = { ...defaultMember(registries.optimizer, kind), schedule, clipping, batchScaling, referenceBatch };
  const next = member as RunConfig["optimizer"];
  return { label: "Adam", change: (config) => ({ ...config, optimizer: next }) };
}

export function fullPrecision({ compute }: RunConfig): Maybe {
  if (compute.precision === "f32") return undefined;
  return { label: "f32", change: (config) => ({ ...config, compute: { ...config.compute, precision: "f32" } }) };
}

export function bfloat16({ compute }: RunConfig): Maybe {
  if (compute.precision === "bf16") return undefined;
  return { label: "bf16", change: (config) => ({ ...config, compute: { ...config.compute, precision: "bf16" } }) };
}

export function lossScaling({ compute }: RunConfig): Maybe {
  if (compute.lossScaling === "dynamic") return undefined;
  return {
    label: "Dynamic loss scaling",
    change: (config) => ({ ...config, compute: { ...config.compute, lossScaling: "dynamic" } }),
  };
}
