import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Device } from "../../src/devices/device.ts";
import { CONTROL_SIZE, initialControl, uncontrolled } from "../../src/engine/control.ts";
import { dropoutForward } from "../../src/engine/layers/dropout.ts";
import * as optimizers from "../../src/engine/optimizers/index.ts";
import type { ElementwiseOptimizer } from "../../src/engine/optimizers/optimizer.ts";
import { defaultsOf } from "../../src/lib/hyperparameters.ts";
import { keyOf } from "../../src/lib/philox.ts";
import { devices } from "./devices.ts";
import { type KernelCase, mismatches } from "./harness.ts";
import { backwardInputCase, backwardWeightCase, forwardCase, normals } from "./linearCases.ts";
import { lossCase } from "./lossCases.ts";
import { updateCase } from "./optimizerCases.ts";
import { singleRunSizes } from "./sizes.ts";

const REPLICAS = 3;
const linear = { ...singleRunSizes, seed: 1 };

const update = (optimizer: ElementwiseOptimizer, values = {}): KernelCase =>
  updateCase({
    optimizer,
    values: { ...defaultsOf(optimizer.hyperparameters), weightDecay: 0.1, ...values },
    P: 33,
    matrices: 17,
    replicas: REPLICAS,
    seed: 2,
  });

const meanSquaredError = (count: number): KernelCase => lossCase({ kind: "mse", B: 3, O: 2, count, seed: 1 });

/** Two micro-batches of two steps, whose last is that of the call. */
const dropout: KernelCase = {
  title: "dropout",
  kernel: dropoutForward,
  constants: { count: 65, layer: 1, M: 2, micro: 1 },
  operands: {
    input: normals(1, [65]),
    output: { shape: [65] },
    control: { shape: [CONTROL_SIZE], values: () => initialControl({ ...uncontrolled, dropout: 0.5 }) },
    orderKey: { shape: [2], type: "u32", values: (replica) => keyOf(replica) },
    clock: { shape: [2], type: "u32", values: () => [1, 0] },
    batches: {
      ...{ shape: [4, 5], type: "u32", isShared: true },
      values: () => [1, 2, 3, 4].flatMap((step) => [0, 1, 0, 0, step]),
    },
  },
};

interface Fault {
  readonly name: string;
  readonly test: KernelCase;
  /** Text of the kernel's WGSL and what to put in its place. */
  readonly changes: readonly (readonly [right: string, wrong: string])[];
}

const swappedMoments = [
  ["m[r * mStride + p] = newM;", "v[r * vStride + p] = newM;"],
  ["v[r * vStride + p] = newV;", "m[r * mStride + p] = newV;"],
] as const;

const faults: readonly Fault[] = [
  {
    name: "a dropped activation gradient",
    test: backwardInputCase({ ...linear, activation: "tanh" }, 0),
    changes: [
      [
        "* activateGrad(f32(saved[id.z * savedStride + at]))",
        "+ 0.0 * activateGrad(f32(saved[id.z * savedStride + at]))",
      ],
    ],
  },
  {
    name: "a dropped activation",
    test: forwardCase({ ...linear, activation: "relu" }, false),
    changes: [["toStored(activate(tile[row][column]));", "toStored(tile[row][column]);"]],
  },
  {
    name: "a gradient stored where it should be added",
    test: backwardInputCase({ ...linear, activation: "identity" }, 1),
    changes: [["if (accumulate == 1u) { gradient += f32(inputGrad[place]); }", ""]],
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
    changes: [["sqrt(newW) * s.inverseRootBias2", "sqrt(newW)"]],
  },
  {
    name: "adamw decaying the biases like the matrices",
    test: update(optimizers.adamw),
    changes: [["select(s.vectorShrink, s.shrink, p < matrices)", "s.shrink"]],
  },
  {
    name: "sgd without Nesterov's step",
    test: update(optimizers.sgd, { momentum: 0.9, nesterov: true }),
    changes: [["select(b, g + s.momentum * b,", "select(b, b,"]],
  },
  {
    name: "adam without the largest second moment",
    test: update(optimizers.adam, { amsgrad: true }),
    changes: [["newW = max(w[r * wStride + p], newW);", ""]],
  },
  {
    name: "rmsprop that is not centered",
    test: update(optimizers.rmsprop, { centered: true }),
    changes: [["spread - newMean * newMean", "spread"]],
  },
  {
    name: "lion's average taken before its direction",
    test: update(optimizers.lion, { beta1: 0.1 }),
    changes: [["s.beta1 * oldM + s.oneMinusBeta1", "s.beta2 * oldM + s.oneMinusBeta2"]],
  },
  {
    name: "an error divided by the batch size instead of the examples in it",
    test: meanSquaredError(2),
    changes: [["/ f32(stepCount(r))", "/ f32(B * M)"]],
  },
  {
    name: "half the gradient of the squared error",
    test: meanSquaredError(3),
    changes: [["2.0 * gradientScale", "1.0 * gradientScale"]],
  },
  {
    name: "a gradient that is divided by the examples of its batch alone",
    test: meanSquaredError(3),
    changes: [["/ f32(stepCount(r))", "/ f32(batchCount(r))"]],
  },
  {
    name: "an update that ignores the clip factor",
    test: update(optimizers.sgd),
    changes: [["* control[r * controlStride + FACTOR];", ";"]],
  },
  {
    name: "dropout with the mask of another step",
    test: dropout,
    changes: [["stream, stepNumber(r)", "stream, stepNumber(r) + 1u"]],
  },
  { name: "dropout that scales nothing", test: dropout, changes: [["1.0 / (1.0 - probability)", "1.0"]] },
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
