import type { Program } from "../graph/program.ts";
import type { Tensor } from "../graph/tensor.ts";
import { layArena } from "../parameters.ts";
import { type Counted, rangeTable } from "../precision/range.ts";
import { roundedBy, withRounding } from "../precision/rounding.ts";
import { storageOf } from "../precision/storage.ts";
import { weightsAt } from "../precision/weights.ts";
import { createLossRows } from "./batchToLoss.ts";
import { type Context, rowsOf } from "./context.ts";
import { batchGradient } from "./step.ts";

/** The gradients that `ranges` counts, from the last layer's, and its table (T, 16, 48); see shaders/precision/range.wgsl. */
export interface CountedGradients {
  readonly names: readonly string[];
  readonly counts: Tensor;
}

const PREFIX = "ranges";

/**
 * The gradients of the batch at which the clock stands, with the loss scale, as a step would compute them, counted by size
 * just before they are rounded. It leaves the gradients of the last step alone. In float32 nothing is rounded, and the
 * program has no calls.
 */
export function gradientRanges(context: Context): { readonly program: Program; readonly counted?: CountedGradients } {
  const { shape, specs, parameters } = context;
  const { precision = "f32", accumulation: M = 1 } = shape;
  if (precision === "f32") return { program: { name: PREFIX, calls: [] } };
  const B = Math.min(shape.batchSize, rowsOf(shape, "train"));
  const gradients = layArena(specs, `${PREFIX}.gradients`, "activations", "Grad");
  const rows = createLossRows(PREFIX, M * B);
  // Emulated, since kernels that store 16 bits themselves leave nothing to count
  const weights = weightsAt(storageOf(precision), parameters);
  const emulated = { ...context, weights, shape: { ...shape, storesHalf: false, checkpointing: false } };
  const calls = batchGradient(emulated, { ...{ prefix: PREFIX, B, M, rows, gradients }, micro: 0 });
  const ofActivations = calls.filter(({ move }) => move !== "forward").flatMap(roundedBy);
  const counted: Counted = [
    ...ofActivations.map((values) => ({ name: plainName(values.name), values })),
    ...[...gradients.slices].map(([name, values]) => ({ name, values })),
  ];
  const table = rangeTable(counted, precision);
  const rounding = withRounding(calls, (tensor, { move }) =>
    move === "forward" ? [] : (table.calls.get(tensor) ?? []),
  );
  const ofParameters = [...gradients.slices.values()].flatMap((tensor) => table.calls.get(tensor) ?? []);
  return {
    program: { name: PREFIX, calls: [...weights.refresh, ...rounding, ...ofParameters] },
    counted: { names: counted.map(({ name }) => name), counts: table.counts },
  };
}

/** The name that an activation has in the model. */
const plainName = (name: string): string => name.replace(`${PREFIX}.`, "").replace(/Grad$/, "");
