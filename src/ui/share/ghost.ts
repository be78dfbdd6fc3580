import { formatCount, formatMeasure } from "../../lib/format.ts";

/**
 * The curve of a sender in a link: losses at some steps, as integers that are written as differences. Losses are kept
 * as logarithms in steps of 1/2048, so that they come back within 0.025 %.
 */
export interface Ghost {
  /** Of single batches, at steps that whoever opens the link passes too: these tell whether a run is reproduced. */
  readonly training: readonly GhostPoint[];
  /** Of the whole split, for the plot. */
  readonly validation: readonly GhostPoint[];
}

export interface GhostPoint {
  readonly step: number;
  readonly loss: number;
}

/** Longest text of a ghost. */
export const MAX_GHOST = 1500;
const firstCount = 160;
const leastCount = 8;
const MAX_POINTS = 512;
const MAX_STEP = 1e9;

const fineness = 2048;
const [least, most] = [1e-30, 1e30];
const quantized = (loss: number): number => Math.round(Math.log(Math.min(most, Math.max(least, loss))) * fineness);
const unquantized = (level: number): number => Math.exp(level / fineness);
const highestLevel = Math.ceil(Math.log(most) * fineness);

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const version = "1";
/** Longest number, in letters: 5 bits each. */
const MAX_LETTERS = 8;

/** An integer in letters of five bits, the lowest first; the sixth bit says that more follow. */
function written(value: number): string {
  let rest = value < 0 ? -2 * value - 1 : 2 * value;
  let text = "";
  do {
    const low = rest % 32;
    rest = Math.floor(rest / 32);
    text += alphabet[low + (rest > 0 ? 32 : 0)];
  } while (rest > 0);
  return text;
}

/** The integers of a text; `undefined` where it is not made of them. */
function readIntegers(text: string): readonly number[] | undefined {
  const integers: number[] = [];
  let [value, letters] = [0, 0];
  for (const letter of text) {
    const bits = alphabet.indexOf(letter);
    if (bits < 0 || letters === MAX_LETTERS) return undefined;
    value += (bits % 32) * 32 ** letters;
    letters += 1;
    if (bits >= 32) continue;
    integers.push(value % 2 === 1 ? -(value + 1) / 2 : value / 2);
    [value, letters] = [0, 0];
  }
  return letters === 0 ? integers : undefined;
}

/** Points as differences: of the distance between steps, and of the levels. */
function pointsText(points: readonly GhostPoint[]): string {
  let [step, stride, level] = [0, 0, 0];
  const parts = points.map((point) => {
    const [nextStride, nextLevel] = [point.step - step, quantized(point.loss)];
    const text = written(nextStride - stride) + written(nextLevel - level);
    [step, stride, level] = [point.step, nextStride, nextLevel];
    return text;
  });
  return written(points.length) + parts.join("");
}

interface ReadPoints {
  readonly points: readonly GhostPoint[];
  readonly rest: readonly number[];
}

function readPoints([count = -1, ...integers]: readonly number[]): ReadPoints | undefined {
  if (count < 0 || count > MAX_POINTS || integers.length < 2 * count) return undefined;
  let [step, stride, level] = [0, 0, 0];
  const points: GhostPoint[] = [];
  for (let index = 0; index < count; index++) {
    stride += integers[2 * index] ?? 0;
    step += stride;
    level += integers[2 * index + 1] ?? 0;
    if (stride < (index === 0 ? 0 : 1) || step > MAX_STEP || Math.abs(level) > highestLevel) return undefined;
    points.push({ step, loss: unquantized(level) });
  }
  return { points, rest: integers.slice(2 * count) };
}

/** At most `count` points, close together at the start, where a run is young; first and last stay. */
function sampled(points: readonly GhostPoint[], count: number): readonly GhostPoint[] {
  if (points.length <= count) return points;
  const last = points.length - 1;
  const places = Array.from({ length: count }, (_, index) => Math.round(last * (index / (count - 1)) ** 2));
  return [...new Set(places)].flatMap((place) => points[place] ?? []);
}

/** Points as far as they are finite: what comes after a NaN says nothing about the settings. */
function finitePart(points: readonly GhostPoint[]): readonly GhostPoint[] {
  const end = points.findIndex(({ loss }) => !Number.isFinite(loss));
  return end < 0 ? points : points.slice(0, end);
}

/** A ghost as text of at most `MAX_GHOST` letters: as many points as fit. */
export function encodeGhost(ghost: Ghost): string {
  const [training, validation] = [finitePart(ghost.training), finitePart(ghost.validation)];
  for (let count = firstCount; ; count = Math.floor(0.85 * count)) {
    const text = version + pointsText(sampled(training, count)) + pointsText(sampled(validation, count));
    if (text.length <= MAX_GHOST || count <= leastCount) return text;
  }
}

/** The ghost of a text; `undefined` for text that is none. */
export function decodeGhost(text: string): Ghost | undefined {
  if (text.length > MAX_GHOST || !text.startsWith(version)) return undefined;
  const integers = readIntegers(text.slice(version.length));
  const training = integers && readPoints(integers);
  if (training === undefined || training.points.length === 0) return undefined;
  const validation = readPoints(training.rest);
  if (validation === undefined || validation.rest.length > 0) return undefined;
  return { training: training.points, validation: validation.points };
}

/** A run as far as it went: its steps, ascending, and the loss of each. */
export interface Progress {
  readonly step: ArrayLike<number>;
  readonly loss: ArrayLike<number>;
}

/** How a run compares with a ghost at the steps that both have. */
export interface Comparison {
  /** Points of the ghost that the run has reached. */
  readonly compared: number;
  /** The last step that was compared. */
  readonly upTo: number;
  /** Where the run left the ghost first. */
  readonly departure?: { readonly step: number; readonly here: number; readonly there: number };
}

/** Largest relative difference that counts as the same curve. */
const tolerance = 1e-3;

/** Where a step stands among ascending steps; -1 where it does not. */
function placeOf(steps: ArrayLike<number>, step: number): number {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle] ?? 0) < step) low = middle + 1;
    else high = middle;
  }
  return steps[low] === step ? low : -1;
}

/** Compares a run with a ghost, from the first step on. */
export function compareWithGhost({ training }: Ghost, { step, loss }: Progress): Comparison {
  let [compared, upTo] = [0, 0];
  for (const point of training) {
    const place = placeOf(step, point.step);
    const here = loss[place];
    if (here === undefined) break;
    compared += 1;
    upTo = point.step;
    if (!(Math.abs(here - point.loss) <= tolerance * point.loss)) {
      return { compared, upTo, departure: { step: point.step, here, there: point.loss } };
    }
  }
  return { compared, upTo };
}

/** The comparison in words. */
export function describeComparison({ training }: Ghost, { compared, upTo, departure }: Comparison): string {
  const last = formatCount(training.at(-1)?.step);
  if (departure !== undefined) {
    const values = `loss ${formatMeasure(departure.here)} here, ${formatMeasure(departure.there)} there`;
    const before = departure.step > (training[0]?.step ?? 0) ? " Until then it agrees within 0.1 %." : "";
    return `Departs from the sender’s curve at step ${formatCount(departure.step)}: ${values}.${before}`;
  }
  if (compared === 0)
    return `The link brings its sender’s curve of ${last} steps. Play to see whether yours is the same.`;
  if (compared === training.length) return `Reproduces the sender’s curve within 0.1 % over all ${last} steps.`;
  return `Reproduces the sender’s curve within 0.1 % up to step ${formatCount(upTo)} of ${last}.`;
}
