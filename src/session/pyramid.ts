/** Mean, least and greatest value of consecutive buckets; NaN where a bucket has no finite value. */
export interface Buckets {
  readonly mean: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
}

/** A growing column that also keeps its minimum, maximum, sum and count over runs of 16, 32, 64, … values. */
export interface Pyramid {
  /** All values; what is not finite is NaN. Valid until the next `push` or `clear`. */
  values(): Float64Array;
  push(values: Float64Array): void;
  /** Leaves the values of these rows, ascending, one of each two; larger buckets still span all that there were. */
  halve(kept: Uint32Array): void;
  clear(): void;
  /** Forgets all but the first `length` values. */
  truncate(length: number): void;
  /** `count` buckets of 2^level values each, from bucket `first` on; the last one may be partly filled. */
  buckets(level: number, first: number, count: number): Buckets;
}

/** Min, max, sum and count of finite values, side by side. */
const WIDTH = 4;
const FIRST_CAPACITY = 1024;

/** The lowest level that is stored. Those below are made from the values when asked for: at most 16 per bucket. */
const BASE = 4;

function grown(values: Float64Array<ArrayBuffer>, needed: number): Float64Array<ArrayBuffer> {
  if (needed <= values.length) return values;
  const larger = new Float64Array(Math.max(2 * values.length, needed));
  larger.set(values);
  return larger;
}

/** Makes a bucket empty. */
function clearEntry(entries: Float64Array, at: number): void {
  entries[at] = Number.POSITIVE_INFINITY;
  entries[at + 1] = Number.NEGATIVE_INFINITY;
  entries[at + 2] = 0;
  entries[at + 3] = 0;
}

function addValue(entries: Float64Array, at: number, value: number): void {
  if (Number.isNaN(value)) return;
  entries[at] = Math.min(entries[at] as number, value);
  entries[at + 1] = Math.max(entries[at + 1] as number, value);
  entries[at + 2] = (entries[at + 2] as number) + value;
  entries[at + 3] = (entries[at + 3] as number) + 1;
}

function addEntry(entries: Float64Array, at: number, from: Float64Array, fromAt: number): void {
  entries[at] = Math.min(entries[at] as number, from[fromAt] as number);
  entries[at + 1] = Math.max(entries[at + 1] as number, from[fromAt + 1] as number);
  entries[at + 2] = (entries[at + 2] as number) + (from[fromAt + 2] as number);
  entries[at + 3] = (entries[at + 3] as number) + (from[fromAt + 3] as number);
}

/** The first `count` entries as columns. */
function columnsOf(entries: Float64Array, count: number): Buckets {
  const result = { mean: new Float64Array(count), min: new Float64Array(count), max: new Float64Array(count) };
  for (let i = 0; i < count; i++) {
    const at = WIDTH * i;
    const finite = entries[at + 3] as number;
    result.min[i] = finite === 0 ? Number.NaN : (entries[at] as number);
    result.max[i] = finite === 0 ? Number.NaN : (entries[at + 1] as number);
    result.mean[i] = (entries[at + 2] as number) / finite;
  }
  return result;
}

/** The entries of buckets of `size` values, from the values themselves. */
function entriesOf(values: Float64Array, size: number): Float64Array {
  const entries = new Float64Array(WIDTH * Math.ceil(values.length / size));
  for (let i = 0; i < values.length; i++) {
    const at = WIDTH * Math.floor(i / size);
    if (i % size === 0) clearEntry(entries, at);
    addValue(entries, at, values[i] as number);
  }
  return entries;
}

const sizeOf = (index: number): number => 2 ** (BASE + index);

/**
 * A min/max pyramid over powers of two. Level BASE takes every value; each level above takes the buckets of the one below
 * once they are full, two of them for one of its own. So appending a value costs the same however long the history is,
 * and a view of the whole run reads one level, plus what the levels below it have not handed up yet.
 */
export function createPyramid(): Pyramid {
  let values = new Float64Array(FIRST_CAPACITY);
  let length = 0;
  let levels: Float64Array<ArrayBuffer>[] = [];

  /** The entry of a bucket, with room made for it, and emptied if nothing is in it yet. */
  const entryAt = (index: number, bucket: number, isFresh: boolean): number => {
    const at = WIDTH * bucket;
    levels[index] = grown(levels[index] ?? new Float64Array(WIDTH * 2), at + WIDTH);
    if (isFresh) clearEntry(levels[index], at);
    return at;
  };
  const append = (value: number) => {
    const finite = Number.isFinite(value) ? value : Number.NaN;
    values[length] = finite;
    const base = entryAt(0, Math.floor(length / sizeOf(0)), length % sizeOf(0) === 0);
    addValue(levels[0] as Float64Array, base, finite);
    length++;
    for (let index = 0; length % sizeOf(index) === 0; index++) {
      const bucket = length / sizeOf(index) - 1;
      const above = entryAt(index + 1, Math.floor(bucket / 2), bucket % 2 === 0);
      addEntry(levels[index + 1] as Float64Array, above, levels[index] as Float64Array, WIDTH * bucket);
    }
  };
  /** Buckets of a level, the last one of all completed by what lies in started buckets below it. */
  const completed = (index: number, first: number, count: number): Float64Array => {
    // The level may not have room for its last bucket yet: nothing was handed up to it.
    const entries = new Float64Array(WIDTH * count);
    entries.set((levels[index] ?? entries).subarray(WIDTH * first, WIDTH * (first + count)));
    const last = WIDTH * (count - 1);
    if (count === 0 || (first + count) * sizeOf(index) <= length) return entries;
    clearEntry(entries, last);
    for (let below = 0; below <= index; below++) {
      const handedUp = below === 0 ? 1 : sizeOf(below - 1);
      const isStarted = length % sizeOf(below) >= handedUp;
      const bucket = Math.floor(length / sizeOf(below));
      if (isStarted) addEntry(entries, last, levels[below] as Float64Array, WIDTH * bucket);
    }
    return entries;
  };

  /** Fills the last, started bucket of a level anew from what is full below it. */
  const refill = (index: number) => {
    const bucket = Math.floor(length / sizeOf(index));
    const at = entryAt(index, bucket, true);
    const entries = levels[index] as Float64Array;
    if (index === 0)
      for (let row = bucket * sizeOf(0); row < length; row++) addValue(entries, at, values[row] as number);
    else {
      const full = Math.floor(length / sizeOf(index - 1));
      for (let child = 2 * bucket; child < full; child++)
        addEntry(entries, at, levels[index - 1] as Float64Array, WIDTH * child);
    }
  };

  return {
    values: () => values.subarray(0, length),
    push(added) {
      values = grown(values, length + added.length);
      for (const value of added) append(value);
    },
    clear() {
      values = new Float64Array(FIRST_CAPACITY);
      length = 0;
      levels = [];
    },
    truncate(shorter) {
      length = Math.min(length, shorter);
      for (const index of levels.keys()) refill(index);
    },
    halve(kept) {
      for (let index = 0; index < kept.length; index++) values[index] = values[kept[index] as number] as number;
      length = kept.length;
      // A bucket of as many rows as before spans twice as many values: it is one of the level above
      levels.shift();
      for (const index of levels.keys()) refill(index);
    },
    buckets(level, first, count) {
      if (level >= BASE) return columnsOf(completed(level - BASE, first, count), count);
      const size = 2 ** level;
      const view = values.subarray(first * size, Math.min(length, (first + count) * size));
      return columnsOf(entriesOf(view, size), count);
    },
  };
}
