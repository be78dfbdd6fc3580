import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Device } from "../../src/devices/device.ts";
import { createWebGpuDevice } from "../../src/devices/webgpu/device.ts";
import { plainVariant } from "../../src/devices/webgpu/linker.ts";
import { fixedChooser } from "../../src/devices/webgpu/tuner.ts";
import type { Kernel, Variant } from "../../src/engine/graph/kernel.ts";
import {
  linearBackwardInput,
  linearBackwardWeight,
  linearForward,
  linearForwardSaving,
} from "../../src/engine/layers/linear.ts";
import { expectNoError, requestTestAdapter } from "./devices.ts";
import { expectAgreement, type KernelCase, mismatches } from "./harness.ts";
import { backwardInputCase, backwardWeightCase, forwardCase } from "./linearCases.ts";
import type { LinearSizes } from "./sizes.ts";

const activation = "leakyRelu";

/** Every kernel that has variants, with a case for given sizes; `turn` seeds it and lets gradients be stored and added. */
const kernels: readonly { kernel: Kernel; make: (sizes: LinearSizes, turn: number) => KernelCase }[] = [
  { kernel: linearForward, make: (sizes, turn) => forwardCase({ ...sizes, seed: turn, activation }, false) },
  { kernel: linearForwardSaving, make: (sizes, turn) => forwardCase({ ...sizes, seed: turn, activation }, true) },
  {
    kernel: linearBackwardInput,
    make: (sizes, turn) => backwardInputCase({ ...sizes, seed: turn, activation }, turn % 2 === 0 ? 0 : 1),
  },
  {
    kernel: linearBackwardWeight,
    make: (sizes, turn) => backwardWeightCase({ ...sizes, seed: turn }, turn % 2 === 0 ? 0 : 1),
  },
];

/** Around tiles of 4, 8, 16, 64 and 128, on both sides of a multiple of 4, and batches tall enough to be cut in parts. */
const sizes: readonly LinearSizes[] = [
  { B: 4, I: 7, O: 12 },
  { B: 33, I: 20, O: 28 },
  { B: 65, I: 64, O: 65 },
  { B: 516, I: 12, O: 132 },
  { B: 1025, I: 3, O: 5 },
  // One row, one input, one output, and all three, for each variant at least once
  { B: 1, I: 1, O: 1 },
  { B: 1, I: 784, O: 10 },
  { B: 1, I: 8, O: 4 },
  { B: 516, I: 1, O: 1 },
];

const pairs = kernels.flatMap(({ kernel, make }) =>
  (kernel.variants?.others ?? []).map((variant) => ({
    kernel,
    variant,
    make,
    title: `${kernel.name}, ${variant.name}`,
  })),
);

describe("a variant agrees with float64", () => {
  let adapter: GPUAdapter;
  const opened: Device[] = [];
  /** A device that takes one variant of every kernel that has it. */
  const deviceWith = async (name: string): Promise<Device> => {
    const chooser = fixedChooser(
      ({ kernel }) => kernel.variants?.others.find((variant) => variant.name === name) ?? plainVariant(kernel),
    );
    const device = await createWebGpuDevice(await requestTestAdapter(), { chooser: () => chooser });
    opened.push(device);
    return device;
  };
  beforeAll(async () => {
    adapter = await requestTestAdapter();
  });
  afterEach(() => Promise.all(opened.map(expectNoError)));
  afterAll(() => {
    for (const device of opened) device.destroy();
  });

  it.each(pairs)("in $title, over sizes around its tiles, for three replicas", async ({ variant, make }) => {
    const fitting = sizes.filter((one) => variant.fits({ ...one }));
    expect(fitting.length).toBeGreaterThan(1);
    for (const feature of variant.needs) expect(adapter.features.has(feature), feature).toBe(true);
    await expectAgreement(await deviceWith(variant.name), fitting.map(make), 3);
  });
});

/** One fault per module, in a case that must notice it. */
const faults = [
  {
    variant: "quad",
    kernel: 0,
    change: ["quadBroadcast(x, 3u)", "quadBroadcast(x, 2u)"],
    name: "a row taken from the wrong lane",
  },
  { variant: "direct", kernel: 0, change: ["rows[row] + biases", "rows[row]"], name: "a missing bias" },
  {
    variant: "tiled 64",
    kernel: 0,
    change: ["rows[n][c] + f32(bias", "rows[n][c] + 0.0 * f32(bias"],
    name: "a missing bias",
  },
  { variant: "split", kernel: 3, change: ["part = 0u", "part = 1u"], name: "a part left out" },
] as const;

describe("the comparison with float64 rejects", () => {
  it.each(faults)("$name in $variant", async ({ variant: name, kernel: index, change: [right, wrong] }) => {
    const { kernel, make } = kernels[index];
    const variant = kernel.variants?.others.find((one) => one.name === name);
    if (variant === undefined || !variant.wgsl.includes(right)) throw new Error(`${name}: got no "${right}" to spoil.`);
    const size = sizes.find((one) => variant.fits({ ...one })) ?? sizes[0];
    const spoilt: Variant = { ...variant, wgsl: variant.wgsl.replaceAll(right, wrong) };
    const device = await createWebGpuDevice(await requestTestAdapter(), { chooser: () => fixedChooser(() => spoilt) });
    expect(await mismatches(device, [make(size, 0)], 3)).not.toEqual([]);
    device.destroy();
  });
});
