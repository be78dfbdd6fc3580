import type { Machine } from "../devices/device.ts";
import type { ProgramName, RunPlan } from "../engine/compile.ts";
import { LEAST_OCTAVE_END, RANGE_COLUMNS, RANGE_FATES, RANGE_SLICES } from "../engine/precision/range.ts";

/** What rounding to the run's format does to a gradient, with the loss scale in it. */
export interface GradientRange {
  /** Of a parameter its name in PyTorch's `state_dict`; of an activation that of its layer's output. */
  readonly name: string;
  /** Fractions of the gradients that are finite and not 0: those that become 0, and those that become infinite. */
  readonly underflow: number;
  readonly overflow: number;
  /** Gradients that are 0 already, and those that are not finite. */
  readonly zeros: number;
  readonly nonFinite: number;
  /** Counts by size: below 2^-26, then [2^k, 2^(k+1)) for k = -26 ... 15, then all others. */
  readonly octaves: Uint32Array;
}

/** The gradients of one batch: of the activations from the last layer's on, then of the parameters. */
export interface GradientRanges {
  readonly lossScale: number;
  /** Of all gradients together. */
  readonly underflow: number;
  readonly overflow: number;
  readonly gradients: readonly GradientRange[];
}

/** Exponent of the lower end of each octave of a `GradientRange`; the first has none. */
export const rangeExponents: readonly number[] = Array.from({ length: RANGE_COLUMNS - RANGE_FATES }, (_, octave) =>
  octave === 0 ? Number.NEGATIVE_INFINITY : LEAST_OCTAVE_END + octave - 1,
);

/** Place of the loss scale in the tensor `control`; see shaders/common/control.wgsl. */
const LOSS_SCALE = 8;

/**
 * Counts the gradients of the first replica. The tables must be those of a step, with the clock at its row. `undefined`
 * in float32, which rounds nothing.
 */
export async function measureRanges(
  { counted, tables }: RunPlan,
  machine: Machine<ProgramName>,
): Promise<GradientRanges | undefined> {
  if (counted === undefined) return undefined;
  machine.run("ranges", 1);
  const [words, control] = await Promise.all([machine.read(counted.counts), machine.read(tables.control)]);
  const counts = new Uint32Array(words.buffer);
  const size = RANGE_SLICES * RANGE_COLUMNS;
  const columns = counted.names.map((_, index) => columnSums(counts.subarray(index * size, (index + 1) * size)));
  const { underflow, overflow } = fractionsOf(columnSums(columns.flatMap((sums) => [...sums])));
  return {
    ...{ lossScale: control[LOSS_SCALE] ?? 1, underflow, overflow },
    gradients: counted.names.map((name, index) => ({ name, ...fractionsOf(columns[index] ?? new Uint32Array()) })),
  };
}

/** Adds up rows of columns. */
function columnSums(rows: ArrayLike<number>): Uint32Array {
  const sums = new Uint32Array(RANGE_COLUMNS);
  for (let at = 0; at < rows.length; at++) {
    const column = at % RANGE_COLUMNS;
    sums[column] = (sums[column] ?? 0) + (rows[at] ?? 0);
  }
  return sums;
}

function fractionsOf(columns: Uint32Array): Omit<GradientRange, "name"> {
  const [zeros = 0, toZero = 0, toInfinity = 0, nonFinite = 0] = columns;
  const octaves = columns.subarray(RANGE_FATES);
  const all = Math.max(
    1,
    octaves.reduce((sum, count) => sum + count, 0),
  );
  return { underflow: toZero / all, overflow: toInfinity / all, zeros, nonFinite, octaves };
}
