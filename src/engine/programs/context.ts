import { createTensor, type ElementType, type Role, type Shape, type Tensor } from "../graph/tensor.ts";
import type { Loss } from "../losses/loss.ts";
import type { Mlp } from "../model.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import type { ParameterArena, ParameterSpec } from "../parameters.ts";

export const splits = ["train", "validation", "test"] as const;
export type Split = (typeof splits)[number];

/** What one run's programs are compiled from. Sizes in examples. */
export interface RunShape {
  readonly model: Mlp;
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  /** Numbers per target: 1 for a class, O for a regression. */
  readonly targetWidth: number;
  readonly counts: Readonly<Record<Split, number>>;
  readonly batchSize: number;
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
}

/** The examples of each split, on the device. */
export type DataTensors = Readonly<Record<Split, { readonly inputs: Tensor; readonly targets: Tensor }>>;

/** What all programs of a run share. */
export interface Context {
  readonly shape: RunShape;
  readonly specs: readonly ParameterSpec[];
  readonly parameters: ParameterArena;
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

export function createTables({ maxSteps, replicas, optimizer }: RunShape): Tables {
  const scalarCount = Object.keys(optimizer.scalars).length;
  return {
    clock: root("clock", [2], { role: "tables", type: "u32", perReplica: true }),
    batches: root("batches", [maxSteps, 4], { role: "tables", type: "u32" }),
    orderKey: root("orderKey", [2], { role: "tables", type: "u32", perReplica: true }),
    scalars: root("scalars", [maxSteps, replicas, scalarCount], { role: "tables" }),
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
