import { appendFileSync } from "node:fs";
import { afterAll, inject } from "vitest";

declare module "vitest" {
  export interface ProvidedContext {
    /** The file to which every test file of the kernels appends what it measured; tests of other projects have none. */
    accuracyLog?: string;
  }
}

/** The largest error of a kernel on a device, over all that the tests compare. */
export interface Accuracy {
  readonly device: string;
  readonly kernel: string;
  /** Largest |got - expected|, relative to the largest magnitude of its tensor. */
  readonly relative: number;
  /** Largest share of the derived bound that an element's error took. */
  readonly share: number;
}

export interface Errors {
  readonly device: string;
  readonly kernel: string;
  readonly expected: ArrayLike<number>;
  readonly got: ArrayLike<number>;
  readonly bounds: ArrayLike<number> | undefined;
}

const noted = new Map<string, Accuracy>();

/** Takes the errors of a tensor that agrees within its bounds into account. */
export function noteErrors({ device, kernel, expected, got, bounds }: Errors): void {
  const key = `${device} ${kernel}`;
  let { relative, share } = noted.get(key) ?? { relative: 0, share: 0 };
  let largest = 0;
  let error = 0;
  for (let index = 0; index < expected.length; index++) {
    const [value = Number.NaN, other = Number.NaN, bound = 0] = [expected[index], got[index], bounds?.[index]];
    if (!Number.isFinite(value) || !Number.isFinite(other)) continue;
    largest = Math.max(largest, Math.abs(value));
    error = Math.max(error, Math.abs(other - value));
    if (bound > 0) share = Math.max(share, Math.abs(other - value) / bound);
  }
  if (largest > 0) relative = Math.max(relative, error / largest);
  noted.set(key, { device, kernel, relative, share });
}

afterAll(() => {
  const log = inject("accuracyLog");
  if (log !== undefined) appendFileSync(log, [...noted.values()].map((entry) => `${JSON.stringify(entry)}\n`).join(""));
});
