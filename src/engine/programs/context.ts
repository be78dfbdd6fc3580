import type { Values } from "../../lib/hyperparameters.ts";
import { batchColumns } from "../batch.ts";
import { CONTROL_SIZE } from "../control.ts";
import { createTensor, type ElementType, type Role, type Shape, type Tensor } from "../graph/tensor.ts";
import type { Loss } from "../losses/loss.ts";
import type { Mlp } from "../model.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import type { ParameterArena, ParameterSpec } from "../parameters.ts";
import { type Precision, storageOf } from "../precision/storage.ts";
import type { Weights } from "../precision/weights.ts";

export const splits = ["train", "validation", "test"] as const;
export type Split = (typeof splits)[number];

/** What one run's programs are compiled from. Sizes in examples. */
export interface RunShape {
  readonly model: Mlp;
  readonly loss: Loss;
  /** How many numbers the loss has of its own; none if left out. */
  readonly settingCount?: number;
  readonly optimizer: Optimizer;
  /** The optimizer's hyperparameters, of which the structural ones decide what it remembers; usual ones if left out. */
  readonly optimizerValues?: Values;
  /** Numbers per target: 1 for a class, O for a regression. */
  readonly targetWidth: number;
  readonly counts: Readonly<Record<Split, number>>;
  readonly batchSize: number;
  /** Batches whose mean gradient makes one step; 1 if left out. */
  readonly accumulation?: number;
  /** Whether weights are penalized: l1 or l2 of `control` may be above 0. */
  readonly penalized?: boolean;
  /** Whether `control` may ask for dropout. */
  readonly dropout?: boolean;
  /** Whether `control` may ask for noise on a batch's inputs. */
  readonly inputNoise?: boolean;
  /** Whether activations are computed a second time instead of being kept; see graph/checkpoint.ts. */
  readonly checkpointing?: boolean;
  /** How weights, activations and gradients are stored; f32 if left out. */
  readonly precision?: Precision;
  /** Whether the device keeps numbers of 16 bits as such in memory; otherwise they are emulated in float32. */
  readonly storesHalf?: boolean;
  readonly replicas: number;
  /** Rows of the step table: steps that one submission can have at most. */
  readonly maxSteps: number;
  /** Inputs of the `predict` program. */
  readonly probeCount: number;
}

/** Small tables that the host writes before every submission, and the kernels read. */
export interface Tables {
  readonly clock: Tensor;
  readonly batches: Tensor;
  readonly orderKey: Tensor;
  readonly scalars: Tensor;
  /** What steers the steps, see control.ts; it lasts from step to step, as the optimizer's state does. */
  readonly control: Tensor;
  /** The loss's own numbers; see losses/loss.ts. */
  readonly settings: Tensor;
}

/** The examples of each split, on the device. */
export type DataTensors = Readonly<Record<Split, { readonly inputs: Tensor; readonly targets: Tensor }>>;

/** What all programs of a run share. */
export interface Context {
  readonly shape: RunShape;
  readonly specs: readonly ParameterSpec[];
  readonly parameters: ParameterArena;
  /** The parameters as forward and backward passes read them. */
  readonly weights: Weights;
  readonly tables: Tables;
  readonly data: DataTensors;
  readonly metrics: Tensor;
}

interface RootOptions {
  readonly role: Role;
  readonly type?: ElementType;
  readonly perReplica?: boolean;
}

/** A root tensor: float32 and shared by all replicas unless asked otherwise. */
export const root = (name: string, shape: Shape, { role, type = "f32", perReplica = false }: RootOptions): Tensor =>
  createTensor({ name, shape, type, role, perReplica });

/** What a forward pass starts from (B, I): all activations are stored as it is. */
export function inputTensor({ precision, storesHalf }: RunShape, name: string, shape: Shape): Tensor {
  const input = root(name, shape, { role: "activations", perReplica: true });
  return { ...input, ...storageOf(precision, storesHalf) };
}

export function createTables(shape: RunShape): Tables {
  const { maxSteps, replicas, optimizer, accumulation = 1, settingCount = 0 } = shape;
  const scalarCount = Object.keys(optimizer.scalars).length;
  return {
    clock: root("clock", [2], { role: "tables", type: "u32", perReplica: true }),
    batches: root("batches", [maxSteps * accumulation, batchColumns.length], { role: "tables", type: "u32" }),
    orderKey: root("orderKey", [2], { role: "tables", type: "u32", perReplica: true }),
    scalars: root("scalars", [maxSteps, replicas, scalarCount], { role: "tables" }),
    control: root("control", [CONTROL_SIZE], { role: "optimizer", perReplica: true }),
    settings: root("settings", [Math.max(1, settingCount)], { role: "tables", perReplica: true }),
  };
}

/** An empty split keeps one row, so that its tensors have memory; its evaluation is never asked for. */
export const rowsOf = ({ counts }: RunShape, split: Split): number => Math.max(1, counts[split]);

export function createData(shape: RunShape): DataTensors {
  const of = (split: Split) => ({
    inputs: root(`${split}.inputs`, [rowsOf(shape, split), shape.model.inputs], { role: "data" }),
    targets: root(`${split}.targets`, [rowsOf(shape, split), shape.targetWidth], { role: "data" }),
  });
  return { train: of("train"), validation: of("validation"), test: of("test") };
}
