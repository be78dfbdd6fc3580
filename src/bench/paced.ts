import { createPace } from "../session/pace.ts";

/** Milliseconds of work in one submission, and submissions in flight, as the trainer does it. */
const SUBMISSION_MS = 10;
const IN_FLIGHT = 2;

/**
 * Repeats work on a device as the trainer does: as many repetitions per submission as fit in 10 ms, the next submission
 * made before the last one is done. `submit(count)` enqueues `count` repetitions, and resolves when they are done.
 *
 * @returns a function that makes so many repetitions and resolves with what the last submission did.
 */
export function createPaced<T>(most: number, submit: (count: number) => Promise<T>): (times: number) => Promise<T> {
  const pace = createPace({ target: SUBMISSION_MS, most });
  let finished = 0;

  const timed = async (count: number): Promise<T> => {
    const started = performance.now();
    const result = await submit(count);
    const now = performance.now();
    // The device was busy with the submission before until that one was done.
    pace.took(count, now - Math.max(started, finished));
    finished = now;
    return result;
  };
  return async (times) => {
    const inFlight: Promise<T>[] = [];
    let left = times;
    for (;;) {
      const count = Math.min(left, pace.steps);
      left -= count;
      const submission = timed(count);
      // Where one fails all later ones do; the first to be waited for tells it.
      submission.catch(() => undefined);
      inFlight.push(submission);
      if (left <= 0) {
        await Promise.all(inFlight);
        return submission;
      }
      if (inFlight.length >= IN_FLIGHT) await inFlight.shift();
    }
  };
}
