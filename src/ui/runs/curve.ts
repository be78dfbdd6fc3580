/** A curve that is kept: steps and values, of one length; `null` where a value was not finite. */
export interface Curve {
  readonly step: readonly number[];
  readonly value: readonly (number | null)[];
}

/** Most points of a kept curve. */
export const MAX_POINTS = 512;

export const emptyCurve: Curve = { step: [], value: [] };

/** Six digits are more than any plot shows. */
const rounded = (value: number): number | null => (Number.isFinite(value) ? Number(value.toPrecision(6)) : null);

/** The places of the first, lowest, highest and last value of a stretch that has any, in their order. */
function extremesOf(values: ArrayLike<number>, start: number, end: number): number[] {
  let [low, high] = [-1, -1];
  for (let index = start; index < end; index++) {
    const value = values[index] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    if (low < 0 || value < (values[low] ?? 0)) low = index;
    if (high < 0 || value > (values[high] ?? 0)) high = index;
  }
  if (low < 0) return [start];
  return low === high ? [low] : [Math.min(low, high), Math.max(low, high)];
}

/**
 * At most `most` points of a curve (at least 4): of each stretch the lowest and the highest, so that a spike stays, and
 * always the first and the last.
 */
export function thinned(step: ArrayLike<number>, values: ArrayLike<number>, most = MAX_POINTS): Curve {
  const length = Math.min(step.length, values.length);
  const stretches = Math.floor((most - 2) / 2);
  const size = length <= most ? 1 : Math.ceil(length / stretches);
  const kept: number[] = [];
  for (let start = 0; start < length; start += size) {
    kept.push(...extremesOf(values, start, Math.min(length, start + size)));
  }
  const places = [...new Set([...(length > 0 ? [0] : []), ...kept, ...(length > 0 ? [length - 1] : [])])];
  return {
    step: places.map((place) => step[place] ?? 0),
    value: places.map((place) => rounded(values[place] ?? Number.NaN)),
  };
}

/** The points of a curve that have a value. */
export const pointsOf = ({ step, value }: Curve): readonly (readonly [step: number, value: number])[] =>
  step.flatMap((at, index) => {
    const here = value[index];
    return here === null || here === undefined ? [] : [[at, here] as const];
  });

/** Several curves as their mean between the lowest and the highest. */
export interface Band {
  readonly step: readonly number[];
  readonly mean: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** Reads a curve at ascending steps, on the straight line between its points; nothing outside of them. */
function reader(points: readonly (readonly [step: number, value: number])[]): (step: number) => number | undefined {
  let next = 0;
  return (step) => {
    while ((points[next]?.[0] ?? Number.POSITIVE_INFINITY) < step) next++;
    const [left, right] = [points[next - 1], points[next]];
    if (right?.[0] === step) return right[1];
    if (left === undefined || right === undefined) return undefined;
    return left[1] + ((right[1] - left[1]) * (step - left[0])) / (right[0] - left[0]);
  };
}

/**
 * A band over every step at which one of the curves has a point, so that no spike is lost; at each step of those curves
 * that go so far.
 */
export function bandOf(curves: readonly Curve[]): Band {
  const all = curves.map(pointsOf);
  const step = [...new Set(all.flatMap((points) => points.map(([at]) => at)))].sort((a, b) => a - b);
  const readers = all.map(reader);
  const values = step.map((at) => readers.flatMap((read) => read(at) ?? []));
  return {
    step,
    mean: values.map((row) => row.reduce((sum, value) => sum + value, 0) / row.length),
    low: values.map((row) => Math.min(...row)),
    high: values.map((row) => Math.max(...row)),
  };
}
