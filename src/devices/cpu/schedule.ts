import type { Call } from "../../engine/graph/program.ts";
import { elements } from "../../engine/graph/tensor.ts";

/** Who runs which call of a program, by call. */
export interface Schedule {
  /** All threads do a part of the call; otherwise one thread does all of it for a replica, always the same one. */
  readonly isShared: readonly boolean[];
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
}

/**
 * Numbers that a call touches, from which on its parts take longer than the threads' meeting: about a microsecond, in
 * which a thread adds up 4,000 to 16,000 numbers.
 */
const SHARED_FROM = 16_384;

/** With as many replicas per thread, all are busy with whole calls. */
const REPLICAS_PER_THREAD = 4;

/** Decides once, when a program is loaded, which of its calls are worth sharing, and where threads have to meet. */
export function scheduleOf(calls: readonly Call[], options: ScheduleOptions): Schedule {
  const { replicas, threads, sharedFrom = SHARED_FROM } = options;
  const sharesNothing = threads === 1 || replicas >= REPLICAS_PER_THREAD * threads;
  const isShared = calls.map((call) => !sharesNothing && isSplittable(call) && touched(call) >= sharedFrom);
  // Replicas do not need each other's results, but tensors take turns in a block's memory for all of them at once
  const meetsAlways = threads > 1 && replicas > 1;
  // After the last call comes the first one of the next time
  const meets = isShared.map((shared, index) => meetsAlways || shared || isShared[(index + 1) % calls.length] === true);
  return { isShared, meets, needsThreads: threads > 1 && (replicas > 1 || isShared.includes(true)) };
}

/** A call of a single invocation is done by one thread. */
const isSplittable = ({ kernel, constants }: Call): boolean => kernel.invocations(constants).some((count) => count > 1);

/** Elements of all bindings, but those of data sets and tables, of which a step takes a few rows. */
const touched = ({ bindings }: Call): number =>
  Object.values(bindings)
    .filter(({ role }) => role !== "data" && role !== "tables")
    .reduce((sum, { shape }) => sum + elements(shape), 0);
