/** Milliseconds that a slow run may catch up on after it was held up. */
const MOST_BEHIND = 250;

/** When the next of evenly spaced things is due. */
export interface Rhythm {
  /** Milliseconds until then; 0 when it is due. */
  wait(now: number): number;
  /** How many intervals have passed that nobody has answered yet, at least 1 when something is due. */
  due(now: number, interval: number): number;
  /** So many have happened. */
  took(count: number, interval: number): void;
  /** The next is due now. */
  restart(now: number): void;
}

export function createRhythm(): Rhythm {
  let next = 0;
  return {
    wait: (now) => Math.max(0, next - now),
    due(now, interval) {
      next = Math.max(next, now - MOST_BEHIND);
      return now < next ? 0 : 1 + Math.floor((now - next) / interval);
    },
    took(count, interval) {
      next += count * interval;
    },
    restart(now) {
      next = now;
    },
  };
}

/** A sleep that can be ended early. */
export interface Sleep {
  sleep(milliseconds: number): Promise<void>;
  wake(): void;
}

export function createSleep(): Sleep {
  let wake = () => {};
  return {
    sleep: (milliseconds) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
    wake: () => wake(),
  };
}
