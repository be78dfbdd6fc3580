const FIRST_CAPACITY = 1024;

/** A typed array that grows by doubling, so that appending is constant in the mean. */
export interface GrowingColumn {
  /** Valid until the next `push`, `truncate` or `clear`. */
  view(): Float64Array;
  push(added: Float64Array): void;
  truncate(length: number): void;
  /** Leaves the values of these rows, ascending, one of each two. */
  halve(kept: Uint32Array): void;
  clear(): void;
  /** The value at the end of bucket `index` of 2^level rows; the last bucket may be partly filled. */
  lastOf(index: number, level: number): number;
}

export function createColumn(): GrowingColumn {
  let values = new Float64Array(FIRST_CAPACITY);
  let length = 0;
  return {
    view: () => values.subarray(0, length),
    push(added) {
      if (length + added.length > values.length) {
        const grown = new Float64Array(Math.max(2 * values.length, length + added.length));
        grown.set(values.subarray(0, length));
        values = grown;
      }
      values.set(added, length);
      length += added.length;
    },
    truncate(shorter) {
      length = Math.min(length, shorter);
    },
    halve(kept) {
      for (let index = 0; index < kept.length; index++) values[index] = values[kept[index] as number] as number;
      length = kept.length;
    },
    clear() {
      values = new Float64Array(FIRST_CAPACITY);
      length = 0;
    },
    lastOf: (index, level) => values[Math.min((index + 1) * 2 ** level, length) - 1] ?? Number.NaN,
  };
}

/** Buckets of 2^level rows each: `count` of them, from bucket `first` on. */
export interface Segment {
  readonly level: number;
  readonly first: number;
  readonly count: number;
}

/** Rows of a history, from `from` to `to - 1`. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

function segmentOf({ from, to }: RowRange, points: number): Segment {
  let level = 0;
  const bucketsAt = (each: number) => Math.ceil(to / 2 ** each) - Math.floor(from / 2 ** each);
  while (bucketsAt(level) > points) level++;
  return { level, first: Math.floor(from / 2 ** level), count: bucketsAt(level) };
}

/** Buckets of one size, at most `points` of them. */
export const linearSegments = (range: RowRange, points: number): readonly Segment[] =>
  range.to > range.from ? [segmentOf(range, points)] : [];

/**
 * For a log axis: as many buckets for each doubling of the row, so that the first steps are as sharp as the last ones.
 * About `points` in all.
 */
export function logSegments({ from, to }: RowRange, points: number): readonly Segment[] {
  const octaves = Math.log2(Math.max(2, to)) - Math.log2(Math.max(1, from));
  const perOctave = 2 ** Math.max(1, Math.round(Math.log2(points / Math.max(1, octaves))));
  const segments: Segment[] = from === 0 && to > 0 ? [{ level: 0, first: 0, count: 1 }] : [];
  for (let start = 2 ** Math.floor(Math.log2(Math.max(1, from))); start < to; start *= 2) {
    const size = Math.max(1, start / perOctave);
    const first = Math.floor(Math.max(start, from) / size);
    const count = Math.ceil(Math.min(2 * start, to) / size) - first;
    if (count > 0) segments.push({ level: Math.log2(size), first, count });
  }
  return segments;
}

/** The last index whose value is at most `limit`; -1 where there is none. `valueAt` ascends. */
export function lastUpTo(length: number, valueAt: (index: number) => number, limit: number): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (valueAt(middle) <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
