/**
 * How many steps one submission takes: as many as fit in `target` milliseconds, found by doubling and halving from one, so
 * that neither the page nor the GPU's watchdog ever waits long.
 */
export interface Pace {
  /** Steps of the next submission. */
  readonly steps: number;
  /** A submission of `steps` took `milliseconds`. */
  took(steps: number, milliseconds: number): void;
}

export function createPace({ target, most }: { readonly target: number; readonly most: number }): Pace {
  let steps = 1;
  return {
    get steps() {
      return steps;
    },
    took(done, milliseconds) {
      const fitting = (done * target) / Math.max(milliseconds, 0.01);
      steps = Math.round(Math.min(most, Math.max(1, steps / 2, Math.min(steps * 2, fitting))));
    },
  };
}
