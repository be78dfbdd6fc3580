/** A time or a ratio to three digits, never in powers of ten: `0.0424`, `12.3`, `1,240`. A missing one is an en dash. */
export function formatMeasured(value: number | undefined, digits = 3): string {
  if (value === undefined || !Number.isFinite(value)) return "–";
  return Number(value.toPrecision(digits)).toLocaleString("en-US", { maximumFractionDigits: 7 });
}
