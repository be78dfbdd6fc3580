import { initialControl, uncontrolled } from "../../src/engine/control.ts";
import * as losses from "../../src/engine/losses/index.ts";
import type { Loss } from "../../src/engine/losses/loss.ts";
import { defaultsOf, type Values } from "../../src/lib/hyperparameters.ts";
import { createRandom } from "../../src/lib/random.ts";
import type { Bindings } from "../reference/kernel.ts";
import { sharesOf } from "../reference/losses/cross-entropy.ts";
import type { KernelCase, Operand, Replica } from "./harness.ts";
import { normals } from "./linearCases.ts";
import { crossEntropyBounds, FLUSHED, sumBound, UNIT_ROUNDOFF } from "./tolerances.ts";

export type LossKind = keyof typeof losses;
export const lossKinds = Object.keys(losses) as readonly LossKind[];

export interface LossSizes {
  readonly B: number;
  /** Classes, or targets of a regression. */
  readonly O: number;
  /** Rows in use. */
  readonly count: number;
}

export interface LossOptions extends LossSizes {
  readonly kind: LossKind;
  readonly seed: number;
  /** Those that differ from the defaults. */
  readonly values?: Values;
  /** Outputs around +-80, 160 apart, where exp underflows. */
  readonly isExtreme?: boolean;
  /** The settings are those of an evaluation of a split with these targets. */
  readonly evaluated?: readonly number[];
}

/** The second of three batches of the step. */
const M = 3;
const MICRO = 1;

export const lossOf = (kind: LossKind): Loss => losses[kind];

/** The numbers that the kernel reads, as the device holds them; one that it must not read where there are none. */
export function settingsOf(kind: LossKind, outputs: number, { values = {}, evaluated }: Partial<LossOptions> = {}) {
  const loss = lossOf(kind);
  const settings = loss.settings({ ...defaultsOf(loss.hyperparameters), ...values } as never, outputs, evaluated);
  return settings.length === 0 ? [Number.NaN] : [...Float32Array.from(settings)];
}

/** Examples of the batch before and after in the step. */
const OTHERS = [9, 4] as const;
/** The step reads the second row of the table, and of it the second batch; any other has another count. */
const batchesOf = (count: number): readonly number[] => {
  const counts = [0, 0, 0, OTHERS[0], count, OTHERS[1], 0, 0, 0];
  return counts.flatMap((examples) => [0, examples, 0, 0, 1]);
};
const allOf = (count: number): number => OTHERS[0] + count + OTHERS[1];

/** Outputs from -81 to 81, all far from each other or near. */
function extremes(seed: number, shape: readonly [number, number]): Operand {
  const values = (replica: number) => {
    const random = createRandom(seed, "data", replica);
    return Float32Array.from({ length: shape[0] * shape[1] }, () => [80, -80, 0][random.integer(3)] + random.uniform());
  };
  return { shape, values };
}

function labels(seed: number, B: number, classes: number): Operand {
  const values = (replica: number) => {
    const random = createRandom(seed, "data", replica);
    return Float32Array.from({ length: B }, () => random.integer(classes));
  };
  return { shape: [B], values };
}

/** One call of a loss on a batch of normal or extreme outputs, with the bounds that its arithmetic gives. */
export function lossCase(options: LossOptions): KernelCase {
  const { kind, seed, B, count, isExtreme = false, values = {} } = options;
  const { kernel, task, outputsFor, maxClasses } = lossOf(kind);
  const O = outputsFor(options.O);
  const isClassification = task === "classification";
  const settings = settingsOf(kind, O, options);
  return {
    title: `B ${B}, O ${O}, count ${count}, ${JSON.stringify(values)}${isExtreme ? ", extreme" : ""}`,
    kernel,
    constants: { B, O, M, micro: MICRO },
    operands: {
      outputs: isExtreme ? extremes(seed, [B, O]) : normals(seed, [B, O]),
      targets: isClassification ? labels(seed + 1, B, maxClasses ?? O) : normals(seed + 1, [B, O]),
      ...lossOperands({ B, count, settings }),
    },
    bounds: (replica) => boundsOf(options, O, replica),
  };
}

/** All that a loss kernel binds besides outputs and targets; each replica has a loss scale of its own. */
export const lossOperands = ({ B, count, settings }: { B: number; count: number; settings: readonly number[] }) =>
  ({
    rowLoss: { shape: [M * B], values: () => new Float32Array(M * B).fill(7) },
    rowHit: { shape: [M * B], values: () => new Float32Array(M * B).fill(7) },
    clock: { shape: [2], type: "u32", values: () => [1, 0] },
    batches: { shape: [3 * M, 5], type: "u32", isShared: true, values: () => batchesOf(count) },
    control: { shape: [12], values: (replica: number) => initialControl(uncontrolled, 3 * 2 ** replica) },
    settings: { shape: [settings.length], values: () => settings },
  }) as const satisfies Readonly<Record<string, Operand>>;

/** A row of a batch: what the kernel reads of it, and what float64 makes of it. */
interface Row {
  readonly before: readonly number[];
  readonly targets: readonly number[];
  readonly loss: number;
  readonly gradient: readonly number[];
  readonly settings: readonly number[];
  /** Of the loss's gradient: loss scale / examples of the step. */
  readonly scale: number;
  readonly count: number;
}

interface RowBounds {
  readonly loss: number;
  readonly gradient: readonly number[];
}

/** An error is rounded once, what becomes of it a few times more; the gradient's factor has two quotients of 2.5 ULP. */
const errorBounds = ({ loss, gradient }: Row): RowBounds => ({
  loss: sumBound(gradient.length + 6, loss),
  gradient: gradient.map((g) => 10 * UNIT_ROUNDOFF * Math.abs(g) + FLUSHED),
});

/**
 * The exponential e has a relative error of (3 + 3 |z|) u, as in `crossEntropyBounds`; log(1 + e) changes by less than e
 * does, and has a dozen roundings of its own. max(z, 0) - z y is exact for a label of 0 or 1.
 */
function binaryBounds({ before: [z], targets: [y], loss, gradient, scale }: Row): RowBounds {
  const e = Math.exp(-Math.abs(z));
  const wrong = y === 1 ? -z : z;
  const probability = 1 / (1 + Math.exp(-wrong));
  const ofExponential = UNIT_ROUNDOFF * (3 + 3 * Math.abs(z));
  return {
    loss: ofExponential * e + 14 * UNIT_ROUNDOFF * Math.log1p(e) + UNIT_ROUNDOFF * loss + FLUSHED,
    gradient: gradient.map((g) => scale * probability * ofExponential + 12 * UNIT_ROUNDOFF * Math.abs(g) + FLUSHED),
  };
}

function multiclassBounds({ before, targets: [label], loss, gradient, settings, scale, count }: Row): RowBounds {
  const isWeighted = settings[2] === 0;
  return crossEntropyBounds({
    ...{ logits: before, shares: sharesOf(label, settings), loss, gradient },
    ...{ scale, weights: isWeighted ? count : 0 },
  });
}

const rowBounds: Readonly<Record<LossKind, (row: Row) => RowBounds>> = {
  "bce-with-logits": binaryBounds,
  "cross-entropy": multiclassBounds,
  huber: errorBounds,
  mae: errorBounds,
  mse: errorBounds,
};

const rowOf = (values: Float64Array, b: number, B: number): readonly number[] => {
  const width = values.length / B;
  return [...values.subarray(b * width, (b + 1) * width)];
};

function boundsOf({ kind, B, count }: LossOptions, O: number, { before, after }: Replica): Bindings {
  const rowLoss = new Float64Array(M * B);
  const outputs = new Float64Array(B * O);
  const lossScale = before.control[8];
  for (let b = 0; b < count; b++) {
    const bounds = rowBounds[kind]({
      ...{ before: rowOf(before.outputs, b, B), targets: rowOf(before.targets, b, B) },
      ...{ loss: after.rowLoss[MICRO * B + b], gradient: rowOf(after.outputs, b, B) },
      ...{ settings: [...before.settings], scale: lossScale / allOf(count), count },
    });
    rowLoss[MICRO * B + b] = bounds.loss;
    outputs.set(bounds.gradient, b * O);
  }
  return { rowLoss, outputs };
}
