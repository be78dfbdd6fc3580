interface Waiting {
  readonly needs: string | undefined;
  readonly act: () => void;
  /** Takes the place of `act` where that can never be. */
  readonly refuse: () => void;
}

/**
 * Keeps what is asked of a machine in the order of the calls while some of its programs are still being compiled. With
 * nothing to wait for, everything happens at once.
 */
export class Order {
  readonly #unready = new Set<string>();
  #waiting: Waiting[] = [];
  #failure: unknown;
  #closed = false;

  /** Whether an action would have to wait, so that what it takes must be copied. */
  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Actions that need `name` wait for `ready`; where it rejects, every later question is answered with its reason. */
  expect(name: string, ready: Promise<void>): void {
    this.#unready.add(name);
    ready
      .catch((error: unknown) => {
        this.#failure ??= error;
      })
      .then(() => {
        this.#unready.delete(name);
        this.#flush();
      });
  }

  /** Does something once everything before it is done and the program that it needs is ready. */
  act(act: () => void, needs?: string, refuse = () => {}): void {
    if (this.#closed) refuse();
    else if (this.#waiting.length === 0 && this.#isReady(needs)) act();
    else this.#waiting.push({ needs, act, refuse });
  }

  /** As `act`, with an answer. */
  ask<T>(ask: () => Promise<T>, needs?: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const refuse = () =>
        reject(this.#failure ?? new Error("machine: got a question after dispose(), expected none."));
      const act = () => {
        if (this.#failure === undefined) ask().then(resolve, reject);
        else refuse();
      };
      this.act(act, needs, refuse);
    });
  }

  /** Refuses what waits, and all that is asked from now on. */
  close(): void {
    this.#closed = true;
    for (const { refuse } of this.#waiting.splice(0)) refuse();
  }

  #isReady(needs: string | undefined): boolean {
    return needs === undefined || !this.#unready.has(needs);
  }

  #flush(): void {
    for (let next = this.#waiting[0]; next !== undefined && this.#isReady(next.needs); next = this.#waiting[0]) {
      // Taken off after it is done, so that what it causes waits behind it.
      next.act();
      this.#waiting.shift();
    }
  }
}
