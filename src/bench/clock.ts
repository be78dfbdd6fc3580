/** Repeated measurements of one thing. */
export interface Spread {
  readonly median: number;
  /** 10th and 90th percentile. */
  readonly low: number;
  readonly high: number;
  readonly rounds: number;
}

/** The value below which a fraction of the sorted values lies, interpolated; NaN of none. */
export function quantile(sorted: readonly number[], fraction: number): number {
  const position = (sorted.length - 1) * fraction;
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, median, high] = [0.1, 0.5, 0.9].map((fraction) => quantile(sorted, fraction));
  return { median: median ?? Number.NaN, low: low ?? Number.NaN, high: high ?? Number.NaN, rounds: values.length };
}

/** Milliseconds that some work took. */
export async function elapsed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Repetitions of the first trial; timers are too coarse for fewer of something short. */
const TRIALS = [1, 4, 16, 64, 256, 1024] as const;
const MOST_REPETITIONS = 100_000;

/**
 * How often `run(times)` must repeat its work to fill `target` milliseconds, found by trials that grow until one is long
 * enough to tell. They are the warm-up, too.
 */
export async function repetitionsFor(target: number, run: (times: number) => Promise<unknown>): Promise<number> {
  let perRepetition = target;
  for (const times of TRIALS) {
    const spent = await elapsed(() => run(times));
    perRepetition = Math.max(spent, 1e-3) / times;
    if (spent > target / 4) break;
  }
  return Math.min(MOST_REPETITIONS, Math.max(1, Math.round(target / perRepetition)));
}

/** Milliseconds per repetition, one number per round. */
export async function timeRounds(
  rounds: number,
  repetitions: number,
  run: (times: number) => Promise<unknown>,
): Promise<readonly number[]> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push((await elapsed(() => run(repetitions))) / repetitions);
  return times;
}
