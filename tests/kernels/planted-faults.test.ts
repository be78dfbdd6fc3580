import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Device } from "../../src/devices/device.ts";
import * as losses from "../../src/engine/losses/index.ts";
import * as optimizers from "../../src/engine/optimizers/index.ts";
import type { Optimizer } from "../../src/engine/optimizers/optimizer.ts";
import { defaultsOf } from "../../src/lib/hyperparameters.ts";
import { devices } from "./devices.ts";
import { type KernelCase, mismatches } from "./harness.ts";
import { backwardInputCase, backwardWeightCase, forwardCase, normals } from "./linearCases.ts";
import { updateCase } from "./optimizerCases.ts";
import { singleRunSizes } from "./sizes.ts";

const REPLICAS = 3;
const linear = { ...singleRunSizes, seed: 1 };

const update = (optimizer: Optimizer, values = {}): KernelCase =>
  updateCase({
    optimizer,
    values: { ...defaultsOf(optimizer.hyperparameters), weightDecay: 0.1, ...values },
    P: 33,
    matrices: 17,
    replicas: REPLICAS,
    seed: 2,
  });

const meanSquaredError = (count: number): KernelCase => ({
  title: `count ${count}`,
  kernel: losses.mse.kernel,
  constants: { B: 3, O: 2 },
  operands: {
    outputs: normals(1, [3, 2]),
    targets: normals(2, [3, 2]),
    rowLoss: { shape: [3] },
    rowHit: { shape: [3] },
    clock: { shape: [2], type: "u32", values: () => [0, 0] },
    batches: { shape: [1, 4], type: "u32", isShared: true, values: () => [0, count, 0, 0] },
  },
  bounds: () => ({ outputs: new Array(6).fill(1e-5), rowLoss: new Array(3).fill(1e-5) }),
});

interface Fault {
  readonly name: string;
  readonly test: KernelCase;
  /** Text of the kernel's WGSL and what to put in its place. */
  readonly changes: readonly (readonly [right: string, wrong: string])[];
}

const swappedMoments = [
  ["m[id.z * mStride + p] = newM;", "m[id.z * mStride + p] = newV;"],
  ["v[id.z * vStride + p] = newV;", "v[id.z * vStride + p] = newM;"],
] as const;

const faults: readonly Fault[] = [
  {
    name: "a dropped activation gradient",
    test: backwardInputCase({ ...linear, activation: "tanh" }, 0),
    changes: [
      ["* activateGrad(saved[id.z * savedStride + at])", "+ 0.0 * activateGrad(saved[id.z * savedStride + at])"],
    ],
  },
  {
    name: "a dropped activation",
    test: forwardCase({ ...linear, activation: "relu" }, false),
    changes: [["+ column] = activate(tile[row][column]);", "+ column] = tile[row][column];"]],
  },
  {
    name: "a gradient stored where it should be added",
    test: backwardInputCase({ ...linear, activation: "identity" }, 1),
    changes: [["inputGrad[place] += gradient", "inputGrad[place] = gradient"]],
  },
  {
    name: "a gradient added to what the memory held",
    test: backwardWeightCase(linear, 0),
    changes: [["else { gradients[place] = tile[row][column]; }", "else { gradients[place] += tile[row][column]; }"]],
  },
  {
    name: "a missing bias",
    test: forwardCase({ ...linear, activation: "identity" }, false),
    changes: [["var row0 = start;", "var row0 = 0.0 * start;"]],
  },
  {
    name: "a missing bias gradient",
    test: backwardWeightCase(linear, 0),
    changes: [["if (i == 0u) {", "if (i == 1u) {"]],
  },
  {
    name: "a sum that ends one too early",
    test: forwardCase({ ...linear, activation: "identity" }, false),
    changes: [["for (var i = 0u; i < I; i++)", "for (var i = 0u; i < I - 1u; i++)"]],
  },
  {
    name: "replicas that all read the first one's weights",
    test: forwardCase({ ...linear, activation: "identity" }, false),
    changes: [["columns * I + r * weightStride", "columns * I"]],
  },
  { name: "adam's moments swapped", test: update(optimizers.adam), changes: swappedMoments },
  { name: "adamw's moments swapped", test: update(optimizers.adamw), changes: swappedMoments },
  {
    name: "adam without the correction of its second moment",
    test: update(optimizers.adam),
    changes: [["sqrt(newV) * s.inverseRootBias2", "sqrt(newV)"]],
  },
  {
    name: "adamw decaying the biases like the matrices",
    test: update(optimizers.adamw),
    changes: [["select(s.vectorShrink, s.shrink, p < matrices)", "s.shrink"]],
  },
  {
    name: "sgd without Nesterov's step",
    test: update(optimizers.sgd, { momentum: 0.9, nesterov: true }),
    changes: [["g + s.momentum * b, s.nesterov", "b, s.nesterov"]],
  },
  {
    name: "an error divided by the batch size instead of the examples in it",
    test: meanSquaredError(2),
    changes: [["let count = batchCount(id.z);", "let count = max(B, batchCount(id.z));"]],
  },
  {
    name: "half the gradient of the squared error",
    test: meanSquaredError(3),
    changes: [["2.0 / (f32(count)", "1.0 / (f32(count)"]],
  },
];

/** The case with its kernel broken. Throws where a text is not there, so that no fault is left out unnoticed. */
function broken({ test, changes }: Fault): KernelCase {
  const wgsl = changes.reduce((code, [right, wrong]) => {
    if (!code.includes(right)) throw new Error(`${test.kernel.name}: got no "${right}", expected it in the WGSL.`);
    return code.replaceAll(right, wrong);
  }, test.kernel.wgsl);
  return { ...test, kernel: { ...test.kernel, wgsl } };
}

describe("the comparison with the reference", () => {
  let device: Device;
  beforeAll(async () => {
    device = await devices.webgpu();
  });
  afterAll(() => device.destroy());

  it("accepts every kernel as it is", async () => {
    expect(
      await mismatches(
        device,
        faults.map(({ test }) => test),
        REPLICAS,
      ),
    ).toEqual([]);
  });

  it.each(faults)("rejects $name", async (fault) => {
    expect(await mismatches(device, [broken(fault)], REPLICAS)).not.toEqual([]);
  });
});
