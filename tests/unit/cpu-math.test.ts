import { beforeAll, describe, expect, it } from "vitest";
import { compileAssemblyScript, kernelSources } from "../../scripts/assemblyscript.ts";

/** Applies a function of common/math.ts to each of `count` numbers, by vectors with a ragged end. */
const loop = (name: string) => `
export function ${name}All(values: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i += 4, values += 16) storeLanes(values, ${name}(loadLanes(values, count - i)), count - i);
}`;
const names = ["exp", "log", "tanh", "sigmoid", "erfc", "sin", "cos"] as const;
type Name = (typeof names)[number];

const test = `
import { loadLanes, storeLanes } from "./common/lanes";
import { ${names.join(", ")} } from "./common/math";
${names.map(loop).join("\n")}
`;

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

let apply: (name: Name, values: Float32Array) => Float32Array;
beforeAll(async () => {
  const binary = await compileAssemblyScript({ ...(await kernelSources()), "test.ts": test }, "test.ts");
  const memory = new WebAssembly.Memory({ initial: 64, maximum: 65_536, shared: true });
  const { instance } = await WebAssembly.instantiate(binary, { env: { memory } });
  apply = (name, values) => {
    const inside = new Float32Array(memory.buffer, 65_536, values.length);
    inside.set(values);
    const all = instance.exports[`${name}All`] as (start: number, count: number) => void;
    all(inside.byteOffset, values.length);
    return inside.slice();
  };
});

/** Distance between float32 numbers around `x`, subnormal ones included. */
function ulp(x: number): number {
  const exponent = Math.max(-126, Math.floor(Math.log2(Math.abs(Math.fround(x)) || 2 ** -149)));
  return 2 ** (exponent - 23);
}

/** Every 4001st float32 number of both signs, from the smallest subnormal on. */
const allOver = Float32Array.from(
  new Float32Array(Uint32Array.from({ length: 1_070_000 }, (_, index) => Math.imul(index, 4001)).buffer),
);
const between = (low: number, high: number) =>
  Float32Array.from({ length: 200_001 }, (_, index) => low + ((high - low) * index) / 200_000);

/** The worst error in units in the last place; infinite where one value is NaN and the other is not. */
function worstUlps(name: Name, exact: (x: number) => number, inputs: Float32Array): number {
  let worst = 0;
  for (let start = 0; start < inputs.length; start += 500_000) {
    const x = inputs.subarray(start, start + 500_000);
    apply(name, x).forEach((got, index) => {
      const expected = exact(x[index]);
      if (Object.is(got, Math.fround(expected))) return;
      const error = Math.abs(got - expected) / ulp(expected);
      worst = Math.max(worst, Number.isFinite(error) ? error : Number.POSITIVE_INFINITY);
    });
  }
  return worst;
}

describe("exp, log and tanh on the CPU", () => {
  it.each([
    ["exp", Math.exp, between(-104, 89)],
    ["exp", Math.exp, allOver],
    ["log", Math.log, between(0.5, 2)],
    ["log", Math.log, allOver],
    ["tanh", Math.tanh, between(-10, 10)],
    ["tanh", Math.tanh, allOver],
  ] as const)("%s is right to 2 units in the last place", (name, exact, inputs) => {
    expect(worstUlps(name, exact, inputs)).toBeLessThanOrEqual(2);
  });

  it("have the limits of the real functions", () => {
    const edges = Float32Array.of(NaN, Infinity, -Infinity, 0, -0, 2 ** -149, -(2 ** -149), 3.4e38, -3.4e38);
    for (const [name, exact] of [
      ["exp", Math.exp],
      ["log", Math.log],
      ["tanh", Math.tanh],
    ] as const) {
      expect(worstUlps(name, exact, edges)).toBeLessThanOrEqual(2);
    }
    expect(apply("tanh", Float32Array.of(-0))[0]).toBe(-0);
  });
});

describe("the other functions on the CPU", () => {
  /** Each divides numbers near 1 that are right to an ulp: half a dozen roundings of 2^-24. */
  const SIX_ROUNDINGS = 6 * 2 ** -24;

  it("sigmoid is right to six roundings where it is a normal number", () => {
    const x = between(-80, 80);
    const got = apply("sigmoid", x);
    const worst = x.reduce((error, value, index) => Math.max(error, Math.abs(got[index] / sigmoid(value) - 1)), 0);
    expect(worst).toBeLessThan(SIX_ROUNDINGS);
  });

  it.each([
    ["sin", Math.sin],
    ["cos", Math.cos],
  ] as const)("%s is right to two roundings of 1 up to 1e4", (name, exact) => {
    for (const x of [between(-10, 10), between(-1e4, 1e4)]) {
      const got = apply(name, x);
      const worst = x.reduce((error, value, index) => Math.max(error, Math.abs(got[index] - exact(value))), 0);
      expect(worst).toBeLessThan(2 * 2 ** -24);
    }
  });

  /** Abramowitz and Stegun, table 7.1, and erfc(4) from its continued fraction. */
  it.each([
    [0, 1],
    [0.5, 0.4795001221869535],
    [1, 0.15729920705028513],
    [2, 0.004677734981047266],
    [4, 1.541725790028002e-8],
  ])(
    "erfc(%f) and erfc of the opposite are right to the fit's 1.2e-7 and the roundings of exp(-x^2)",
    (x, expected) => {
      const [right = 0, left = 0] = apply("erfc", Float32Array.of(x, -x));
      const bound = 1.2e-7 + (6 + x * x) * 2 ** -24;
      expect(Math.abs(right / expected - 1)).toBeLessThan(bound);
      expect(Math.abs(left / (2 - expected) - 1)).toBeLessThan(bound);
    },
  );

  it.each(names)("%s lets NaN through", (name) => {
    expect(apply(name, Float32Array.of(NaN, 1, NaN, 1, NaN)).map(Number.isNaN as never)).toEqual(
      Float32Array.of(1, 0, 1, 0, 1),
    );
  });

  it.each(names)("%s gives a number the same bits in a vector and at the ragged end", (name) => {
    const x = Float32Array.of(0.3, 0.7, 1.9, 3.3, 0.3, 0.7, 1.9);
    const bits = new Uint32Array(apply(name, x).buffer);
    expect([...bits.slice(4)]).toEqual([...bits.slice(0, 3)]);
  });
});

describe("compiling the kernels", () => {
  it("fails with the compiler's message and its place", async () => {
    const sources = { "index.ts": "export function f(x: f32): f32 { return y; }" };
    await expect(compileAssemblyScript(sources, "index.ts")).rejects.toThrow(
      /Cannot find name 'y'[\s\S]*index\.ts\(1,/,
    );
  });
});
