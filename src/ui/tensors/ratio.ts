/** Update to weight: about a thousandth is healthy. http://cs231n.github.io/neural-networks-3/#ratio */
export const healthyRatio = { low: 3e-4, high: 3e-3 } as const;
/** What the gauge spans, in powers of ten. */
const GAUGE = { low: -6, high: 0 } as const;

export type RatioVerdict = "low" | "healthy" | "high";

/** What the last update was against the weights; unknown before there is one, or where the weights were all 0. */
export function ratioVerdict(ratio: number | undefined): RatioVerdict | undefined {
  if (ratio === undefined || !Number.isFinite(ratio)) return undefined;
  if (ratio < healthyRatio.low) return "low";
  return ratio > healthyRatio.high ? "high" : "healthy";
}

/** A place on the gauge's log axis, from 0 (a millionth or less) to 1 (as large as the weights, or larger). */
export function gaugePlace(ratio: number): number {
  const place = (Math.log10(ratio) - GAUGE.low) / (GAUGE.high - GAUGE.low);
  return Math.max(0, Math.min(1, place));
}

/**
 * Whether the band is meant for a tensor: for weight matrices. Biases start at 0, so that their first updates are as
 * large as they are themselves.
 */
export const hasHealthyBand = (name: string): boolean => name.endsWith(".weight");
