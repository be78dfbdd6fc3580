import type { Call } from "../../engine/graph/program.ts";
import { elements } from "../../engine/graph/tensor.ts";

/** Who runs which call of a program, by call. */
export interface Schedule {
  /**
   * In how many rounds threads take parts of the call in turn, see kernels/walk.ts; 0 where one thread does all of it
   * for a replica, always the same one.
   */
  readonly rounds: readonly number[];
  /** All threads wait for each other after the call. */
  readonly meets: readonly boolean[];
  /** Whether more than one thread has something to do. */
  readonly needsThreads: boolean;
}

export interface ScheduleOptions {
  readonly replicas: number;
  readonly threads: number;
  /** Calls that touch as many numbers are shared. */
  readonly sharedFrom?: number;
  /** Calls that touch as many numbers are shared in two rounds of parts or more. */
  readonly secondRoundFrom?: number;
}

/**
 * Numbers that a call touches, from which on its parts take longer than the threads' meeting: about a microsecond, in
 * which a thread adds up 4,000 to 16,000 numbers.
 */
const SHARED_FROM = 16_384;

/**
 * Numbers that a call touches, from which on a second round of smaller parts costs less than it saves; each doubling is
 * worth one more. A product packs more in smaller parts: 10 % of its time in two rounds of 128 x 256 x 784, less than
 * 3 % in three of 256 x 1024 x 1024.
 */
const SECOND_ROUND_FROM = 524_288;
const MOST_ROUNDS = 4;

/** With as many replicas per thread, all are busy with whole calls. */
const REPLICAS_PER_THREAD = 4;

/** Decides once, when a program is loaded, which of its calls are worth sharing, and where threads have to meet. */
export function scheduleOf(calls: readonly Call[], options: ScheduleOptions): Schedule {
  const { replicas, threads, sharedFrom = SHARED_FROM, secondRoundFrom = SECOND_ROUND_FROM } = options;
  const sharesNothing = threads === 1 || replicas >= REPLICAS_PER_THREAD * threads;
  const isShared = calls.map((call) => !sharesNothing && isSplittable(call) && touched(call) >= sharedFrom);
  const rounds = calls.map((call, index) => (isShared[index] ? roundsOf(touched(call) / secondRoundFrom) : 0));
  // Replicas do not need each other's results, but tensors take turns in a block's memory for all of them at once
  const meetsAlways = threads > 1 && replicas > 1;
  // After the last call comes the first one of the next time
  const meets = isShared.map((shared, index) => meetsAlways || shared || isShared[(index + 1) % calls.length] === true);
  return { rounds, meets, needsThreads: threads > 1 && (replicas > 1 || isShared.includes(true)) };
}

const roundsOf = (size: number): number => Math.min(MOST_ROUNDS, Math.max(1, 2 + Math.floor(Math.log2(size))));

/** A call of a single invocation is done by one thread. */
const isSplittable = ({ kernel, constants }: Call): boolean => kernel.invocations(constants).some((count) => count > 1);

/** Elements of all bindings, but those of data sets and tables, of which a step takes a few rows. */
const touched = ({ bindings }: Call): number =>
  Object.values(bindings)
    .filter(({ role }) => role !== "data" && role !== "tables")
    .reduce((sum, { shape }) => sum + elements(shape), 0);
