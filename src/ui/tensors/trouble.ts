import { formatCount, formatCounted } from "../../lib/format.ts";
import type { Measurements, TensorMeasurements } from "../../session/measurements.ts";
import type { Broke } from "../../session/nonFinite.ts";

export interface Trouble {
  /** "advice": half precision overflowed, which the loss scale mends; "stop": the numbers are gone. */
  readonly glyph: "advice" | "stop";
  readonly text: string;
}

/** Where numbers of a tensor first stopped being finite. */
type Origin = Pick<Broke, "tensor" | "step" | "move">;

/**
 * What is not finite in a tensor, in words; nothing where all is well.
 *
 * @param broke why the run stopped: it stands at the last good step, so that the numbers at hand do not show it.
 */
export function troubleOf(
  tensor: TensorMeasurements,
  { ranges }: Pick<Measurements, "ranges">,
  broke?: Origin,
): Trouble | undefined {
  const { weights, gradients } = tensor;
  if (broke?.tensor === tensor.name) {
    return { glyph: "stop", text: `first to be NaN or infinite: ${placeOf(broke)}` };
  }
  if (weights.nonFinite > 0) return { glyph: "stop", text: `${values(weights.nonFinite, "weight")} NaN or infinite` };
  if (gradients.nonFinite > 0) {
    const isScaled = ranges !== undefined && ranges.lossScale > 1;
    const text = `${values(gradients.nonFinite, "gradient")} NaN or infinite`;
    return isScaled ? { glyph: "advice", text: `${text}: step skipped` } : { glyph: "stop", text };
  }
  // Norms are sums of squares, which become infinite before the values do
  if (!Number.isFinite(tensor.gradNorm)) return { glyph: "stop", text: "gradient norm is too large for a number" };
  return undefined;
}

/** Where numbers stopped being finite first, where that was in no parameter: in the loss, or in what a layer puts out. */
export function troubleElsewhere(
  tensors: readonly Pick<TensorMeasurements, "name">[],
  broke: Origin | undefined,
): Trouble | undefined {
  if (broke === undefined || tensors.some(({ name }) => name === broke.tensor)) return undefined;
  return { glyph: "stop", text: `${broke.tensor} was the first to be NaN or infinite: ${placeOf(broke)}` };
}

const placeOf = ({ step, move }: Origin): string => `step ${formatCount(step)}, ${move}`;

const values = (count: number, what: string): string => `${formatCounted(count, what)} ${count === 1 ? "is" : "are"}`;
