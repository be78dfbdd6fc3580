import { formatSetting } from "../../lib/format.ts";
import { MAX_NUMBERS, type NumberParameter, type NumbersParameter } from "../../lib/hyperparameters.ts";

/** Where a number stands on its slider, and back. A slider's position is a whole number from 0 to `positions`. */

export const positions = 200;

/** Decades that a log slider covers when the parameter may be 0 and names no range of its own. */
const decades = 6;

interface Span {
  readonly low: number;
  readonly high: number;
  /** The left end means 0, which has no place on a log scale. */
  readonly startsAtZero: boolean;
}

function spanOf(parameter: NumberParameter): Span {
  const [low, high] = parameter.slider ?? [parameter.min, parameter.max];
  if (parameter.scale === "linear" || low > 0) {
    return { low, high, startsAtZero: parameter.scale === "log" && parameter.min <= 0 };
  }
  return { low: high / 10 ** decades, high, startsAtZero: true };
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** Position of a value; values beyond the slider stand at its end. */
export function positionOf(parameter: NumberParameter, value: number): number {
  const { low, high, startsAtZero } = spanOf(parameter);
  if (parameter.scale === "linear") return Math.round(clamp((value - low) / (high - low), 0, 1) * positions);
  if (startsAtZero && value < low) return 0;
  const fraction = clamp(Math.log(value / low) / Math.log(high / low), 0, 1);
  return startsAtZero ? 1 + Math.round(fraction * (positions - 1)) : Math.round(fraction * positions);
}

/** Value at a position, rounded to what a person would type; the ends are exact. */
export function valueAt(parameter: NumberParameter, position: number): number {
  const { low, high, startsAtZero } = spanOf(parameter);
  if (position >= positions) return high;
  if (position <= 0) return startsAtZero ? 0 : low;
  if (parameter.scale === "linear")
    return tidy(parameter, low + ((high - low) * position) / positions, (high - low) / 100);
  const fraction = startsAtZero ? (position - 1) / (positions - 1) : position / positions;
  const value = low * (high / low) ** fraction;
  return tidy(parameter, value, 10 ** (Math.floor(Math.log10(value)) - 1));
}

/** Rounds to a multiple of 1, 2 or 5 times a power of ten that is not finer than `grain`, and into the allowed range. */
function tidy(parameter: NumberParameter, value: number, grain: number): number {
  const power = 10 ** Math.floor(Math.log10(grain) + 1e-9);
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= grain * (1 - 1e-9)) ?? grain;
  const rounded = Number((Math.round(value / step) * step).toPrecision(12));
  return clamp(parameter.integer ? Math.round(rounded) : rounded, parameter.min, parameter.max);
}

/** The next value on the slider, `steps` positions away, skipping positions that round to the same value. */
export function stepFrom(parameter: NumberParameter, value: number, steps: number): number {
  const direction = Math.sign(steps);
  const start = positionOf(parameter, value);
  for (let position = start + steps; position >= 0 && position <= positions; position += direction) {
    const candidate = valueAt(parameter, position);
    if ((candidate - value) * direction > 0) return candidate;
  }
  return direction > 0 ? Math.max(value, valueAt(parameter, positions)) : Math.min(value, valueAt(parameter, 0));
}

/** What a typed text means: the value, or why it is refused, with what is allowed. */
export type Typed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

/** A typed number. */
export function readTyped(parameter: NumberParameter, text: string): Typed<number> {
  const { label, min, max, integer } = parameter;
  const value = text.trim() === "" ? Number.NaN : Number(text.trim().replaceAll("−", "-"));
  const range = `${integer ? "a whole number" : "a number"} from ${formatSetting(min)} to ${formatSetting(max)}`;
  if (!Number.isFinite(value)) return { ok: false, message: `${label}: got no number, expected ${range}.` };
  if (value < min || value > max || (integer && !Number.isInteger(value))) {
    return { ok: false, message: `${label}: got ${formatSetting(value, 6)}, expected ${range}.` };
  }
  return { ok: true, value };
}

/** A typed list of numbers, with commas or blanks between them. */
export function readTypedNumbers({ label, min, max }: NumbersParameter, text: string): Typed<readonly number[]> {
  const words = text.split(/[\s,;]+/).filter((word) => word !== "");
  const range = `numbers from ${formatSetting(min)} to ${formatSetting(max)} with commas between`;
  if (words.length > MAX_NUMBERS) {
    return { ok: false, message: `${label}: got ${words.length} numbers, expected at most ${MAX_NUMBERS}.` };
  }
  const values = words.map((word) => Number(word.replaceAll("−", "-")));
  const wrong = values.findIndex((value) => !(value >= min && value <= max));
  if (wrong >= 0) return { ok: false, message: `${label}: got ${words[wrong]}, expected ${range}.` };
  return { ok: true, value: values };
}
