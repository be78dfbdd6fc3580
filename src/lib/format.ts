/** Numbers as text, for readings and messages. A missing number is an en dash, so that its place stays. */

const missing = "–";
const minus = "−";
const thinSpace = "\u2009";

/** The words for values that digits cannot write; `undefined` for an ordinary number. */
function wordFor(value: number | undefined): string | undefined {
  if (value === undefined) return missing;
  if (Number.isNaN(value)) return "NaN";
  if (value === Number.POSITIVE_INFINITY) return "∞";
  if (value === Number.NEGATIVE_INFINITY) return `${minus}∞`;
  return undefined;
}

/**
 * With separators between thousands: `1,240.5`. By hand, since a page's first `Intl.NumberFormat` takes 50 to 70 ms, on its
 * way to the first step.
 */
const grouped = (decimal: string): string => {
  const [whole = "", ...rest] = decimal.split(".");
  return [/^-?\d+$/.test(whole) ? whole.replace(/\B(?=(\d{3})+$)/g, ",") : whole, ...rest].join(".");
};

const withMinus = (text: string): string => text.replaceAll("-", minus);

/** Whole numbers with thousands separators: `1,240`. */
export function formatCount(value: number | undefined): string {
  return wordFor(value) ?? withMinus(grouped(String(Math.round(value ?? 0))));
}

/** How many of something: `1 row`, `1,240 rows`. */
export const formatCounted = (count: number, unit: string): string =>
  `${formatCount(count)} ${unit}${count === 1 ? "" : "s"}`;

/** How many are done, never more than are: `1.9` right up to the second, whole from a thousand on. */
export function formatProgress(value: number | undefined): string {
  const word = wordFor(value);
  if (word !== undefined || value === undefined) return word ?? missing;
  const isLarge = value >= 1000;
  return isLarge ? grouped(String(Math.floor(value))) : (Math.floor(10 * value) / 10).toFixed(1);
}

/**
 * A setting, as short as it is exact to `digits` significant digits: `8e−3`, `0.272`, `1,240`, `0.9`. Below 0.01 and
 * from a million on, in powers of ten.
 */
export function formatSetting(value: number | undefined, digits = 3): string {
  const word = wordFor(value);
  if (word !== undefined) return word;
  const rounded = Number((value ?? 0).toPrecision(digits));
  const size = Math.abs(rounded);
  if (size !== 0 && (size < 0.01 || size >= 1e6)) return withMinus(rounded.toExponential()).replace("e+", "e");
  return withMinus(grouped(String(rounded)));
}

/**
 * A measured value that keeps its width while it changes: at least three decimals, at least three significant digits.
 * Without its thousands separators it reads as a number again: `0.272`, `12.345`, `0.000123`, `4.82e-5`, `1,240.5`.
 */
export function formatReading(value: number | undefined): string {
  const word = wordFor(value);
  if (word !== undefined || value === undefined) return word ?? missing;
  const size = Math.abs(value);
  if (size === 0) return "0.000";
  if (size < 1e-4) return value.toExponential(2);
  if (size >= 1e7) return value.toExponential(3).replace("e+", "e");
  const decimals = size >= 1000 ? 1 : Math.max(3, 2 - Math.floor(Math.log10(size)));
  return grouped(value.toFixed(decimals));
}

/** A measured value for the eye alone: as a reading, but below a thousandth in powers of ten: `0.272`, `3.2e−5`. */
export function formatMeasure(value: number | undefined): string {
  const isSmall = value !== undefined && value !== 0 && Math.abs(value) < 1e-3;
  return isSmall ? withMinus(value.toExponential(1)) : formatReading(value);
}

/** A fraction as per cent with one decimal: `99.4 %`. */
export function formatPercent(fraction: number | undefined): string {
  const word = wordFor(fraction);
  return word ?? `${((fraction ?? 0) * 100).toFixed(1)}${thinSpace}%`;
}

const byteUnits = ["B", "kB", "MB", "GB", "TB"] as const;

/** Bytes in decimal units: `1.2 MB`. */
export function formatBytes(bytes: number): string {
  const power = Math.min(byteUnits.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const amount = bytes / 1000 ** power;
  return `${power === 0 ? amount.toFixed(0) : amount.toPrecision(3)}${thinSpace}${byteUnits[power]}`;
}

/** A number as an input of type `number` shows it: nothing is lost, small and large ones in powers of ten. */
export function formatInput(value: number): string {
  const size = Math.abs(value);
  return size !== 0 && (size < 0.01 || size >= 1e6) ? value.toExponential().replace("e+", "e") : String(value);
}
