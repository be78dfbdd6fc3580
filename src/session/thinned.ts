/** A curve of single points, oldest first, that can be looked at with fewer points than it has. */
export interface Thinned<T> {
  push(point: T): void;
  /** Forgets the points from index `length` on. */
  truncate(length: number): void;
  /**
   * About `most` of the points with index `from` to `to - 1`, in their order: of each stretch the lowest and the highest,
   * so that a spike stays, and the last one. In time proportional to `most`.
   */
  window(most: number, from: number, to: number): readonly T[];
}

/** Where the extremes of a stretch of points are. */
interface Stretch {
  readonly low: number;
  readonly high: number;
}

/** The largest level of stretches, of 2^level points each, so that `length` points have at most `most` of them. */
const levelFor = (length: number, most: number): number =>
  Math.max(0, Math.ceil(Math.log2(length / Math.max(1, most))));

/** An empty curve; `measureOf` says what is low and high. What is no number loses against what is. */
export function createThinned<T>(measureOf: (point: T) => number): Thinned<T> {
  const points: T[] = [];
  const values: number[] = [];
  /** Level k: the extremes of each full stretch of 2^(k + 1) points. */
  const levels: Stretch[][] = [];

  const valueAt = (index: number) => values[index] ?? Number.NaN;
  const lower = (a: number, b: number) => (valueAt(b) < valueAt(a) || Number.isNaN(valueAt(a)) ? b : a);
  const higher = (a: number, b: number) => (valueAt(b) > valueAt(a) || Number.isNaN(valueAt(a)) ? b : a);
  const stretchAt = (level: number, index: number): Stretch =>
    (level === 0 ? undefined : levels[level - 1]?.[index]) ?? { low: index, high: index };

  const push = (point: T) => {
    points.push(point);
    values.push(measureOf(point));
    for (let level = 0, count = points.length; count % 2 === 0; level++, count /= 2) {
      const [a, b] = [stretchAt(level, count - 2), stretchAt(level, count - 1)];
      levels[level] ??= [];
      levels[level]?.push({ low: lower(a.low, b.low), high: higher(a.high, b.high) });
    }
  };
  return {
    push,
    truncate(length) {
      points.splice(length);
      values.splice(length);
      levels.forEach((stretches, level) => {
        stretches.splice(Math.floor(length / 2 ** (level + 1)));
      });
    },
    window(most, from, to) {
      const end = Math.min(to, points.length);
      const largest = levelFor(end - from, most / 2);
      const kept: number[] = [];
      for (let at = from; at < end; ) {
        let level = largest;
        while (level > 0 && (at % 2 ** level !== 0 || at + 2 ** level > end)) level--;
        const { low, high } = stretchAt(level, at / 2 ** level);
        kept.push(Math.min(low, high));
        if (low !== high) kept.push(Math.max(low, high));
        at += 2 ** level;
      }
      if (end > from && kept.at(-1) !== end - 1) kept.push(end - 1);
      return kept.flatMap((index) => points[index] ?? []);
    },
  };
}
