import { afterAll, afterEach, describe, it } from "vitest";
import type { Device } from "../../src/devices/device.ts";
import { createWebGpuDevice } from "../../src/devices/webgpu/device.ts";
import { plainVariant } from "../../src/devices/webgpu/linker.ts";
import { fixedChooser } from "../../src/devices/webgpu/tuner.ts";
import { binaryFormats, nearest } from "../reference/precision/rounding.ts";
import { expectNoError, requestTestAdapter } from "./devices.ts";
import { expectAgreement, type KernelCase, type Operand } from "./harness.ts";
import { backwardInputCase, backwardWeightCase, forwardCase } from "./linearCases.ts";
import type { LinearSizes } from "./sizes.ts";

const activation = "leakyRelu";

/** Around tiles of 4, 8, 16 and 64, on both sides of a multiple of 4, and a batch tall enough to be cut in parts. */
const sizes: readonly LinearSizes[] = [
  { B: 5, I: 7, O: 11 },
  { B: 33, I: 20, O: 28 },
  { B: 65, I: 64, O: 64 },
  { B: 516, I: 12, O: 132 },
];

const cases: readonly KernelCase[] = sizes.flatMap((size, seed) => [
  forwardCase({ ...size, seed, activation }, false),
  forwardCase({ ...size, seed, activation }, true),
  backwardInputCase({ ...size, seed, activation }, seed % 2 === 0 ? 0 : 1),
  backwardWeightCase({ ...size, seed }, seed % 2 === 0 ? 0 : 1),
]);

/** Half a unit in the last place of a float16, relative, and the same of the numbers that are 2^-24 apart. */
const [HALF_ROUNDOFF, HALF_SUBNORMAL] = [2 ** -11, 2 ** -25];

const inHalf = (operand: Operand): Operand => {
  const { values } = operand;
  if (values === undefined) return { ...operand, type: "f16" };
  return { ...operand, type: "f16", values: (r) => Array.from(values(r), (x) => nearest(x, binaryFormats[0])) };
};

/** A case whose weights, activations and their gradients are float16 in memory: each result is rounded once more. */
function halfCase(one: KernelCase): KernelCase {
  const operands = Object.entries(one.operands).map(([name, operand]): [string, Operand] => [
    name,
    name === "gradients" ? operand : inHalf(operand),
  ]);
  return {
    ...one,
    operands: Object.fromEntries(operands),
    bounds(replica) {
      const bounds = Object.entries(one.bounds?.(replica) ?? {}).map(
        ([name, ofElements]): [string, ArrayLike<number>] => [
          name,
          name === "gradients"
            ? ofElements
            : Array.from(ofElements, (bound, at) => {
                const largest = Math.abs(replica.after[name]?.[at] ?? 0) + bound;
                return bound + HALF_ROUNDOFF * largest + HALF_SUBNORMAL;
              }),
        ],
      );
      return Object.fromEntries(bounds);
    },
  };
}

describe("on webgpu, with float16 in memory", () => {
  const opened: Device[] = [];
  afterEach(() => Promise.all(opened.map(expectNoError)));
  afterAll(() => {
    for (const device of opened) device.destroy();
  });

  it.each(["plain", "quad", "direct", "tiled 64", "tiled 128", "split"])(
    "the products of %s agree with float64 to within a rounding",
    async (name) => {
      const variantOf = ({ kernel, constants }: Pick<KernelCase, "kernel" | "constants">) =>
        kernel.variants?.others.find((variant) => variant.name === name && variant.fits(constants));
      const chooser = fixedChooser((call) => variantOf(call) ?? plainVariant(call.kernel));
      const device = await createWebGpuDevice(await requestTestAdapter(), { chooser: () => chooser });
      opened.push(device);
      const fitting = name === "plain" ? cases : cases.filter((one) => variantOf(one) !== undefined);
      await expectAgreement(device, fitting.map(halfCase), 2);
    },
    180_000,
  );
});
