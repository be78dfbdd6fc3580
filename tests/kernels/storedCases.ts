import { addInputNoise, batchColumns, gatherBatch } from "../../src/engine/batch.ts";
import { CONTROL_SIZE, initialControl, uncontrolled } from "../../src/engine/control.ts";
import type { Kernel } from "../../src/engine/graph/kernel.ts";
import type { Format } from "../../src/engine/graph/tensor.ts";
import { dropoutBackward, dropoutForward } from "../../src/engine/layers/dropout.ts";
import {
  linearBackwardInput,
  linearBackwardWeight,
  linearForward,
  linearForwardSaving,
} from "../../src/engine/layers/linear.ts";
import { castStored, formatNumber } from "../../src/engine/precision/rounding.ts";
import { activationSlopes } from "../../src/engine/probes.ts";
import { keyOf } from "../../src/lib/philox.ts";
import { createRandom } from "../../src/lib/random.ts";
import type { KernelCase, Operand } from "./harness.ts";
import { normals } from "./linearCases.ts";
import { lossCase, lossKinds } from "./lossCases.ts";
import type { LinearSizes } from "./sizes.ts";

/** The bindings of a kernel that leave open how their numbers are stored. */
export const storedBindings = ({ wgsl, bindings }: Kernel): readonly string[] =>
  Object.keys(bindings).filter((name) => new RegExp(`\\b${name}: array<Stored`).test(wgsl));

/** Makes an operand's numbers. */
export type Filling = (seed: number, shape: readonly number[]) => Operand;

/** Whole numbers to 31: sums of their products are exact in float32 whatever their order, and too long for 16 bits. */
export const wholes: Filling = (seed, shape) => {
  const length = shape.reduce((product, size) => product * size, 1);
  const values = (replica: number) => {
    const random = createRandom(seed, "data", replica);
    return Float32Array.from({ length }, () => random.integer(63) - 31);
  };
  return { shape, values };
};

/** The products of a layer, added to what is there where they can be. */
export function productCases({ B, I, O }: LinearSizes, fill: Filling): readonly KernelCase[] {
  const [constants, activation] = [{ B, I, O }, "relu"];
  const title = `${B} ${I} ${O}`;
  const ofForward = { input: fill(1, [B, I]), weight: fill(2, [O, I]), bias: fill(3, [O]), output: fill(4, [B, O]) };
  return [
    { title, kernel: linearForward, constants, activation, operands: ofForward },
    {
      ...{ title, kernel: linearForwardSaving, constants, activation },
      operands: { ...ofForward, preactivation: fill(5, [B, O]) },
    },
    {
      ...{ title, kernel: linearBackwardInput, constants: { ...constants, accumulate: 1 }, activation },
      operands: {
        ...{ outputGrad: fill(6, [B, O]), weight: fill(2, [O, I]) },
        ...{ saved: fill(7, [B, I]), inputGrad: fill(8, [B, I]) },
      },
    },
    {
      ...{ title, kernel: linearBackwardWeight },
      constants: { ...constants, weightAt: 0, biasAt: O * I, accumulate: 1 },
      operands: { outputGrad: fill(6, [B, O]), input: fill(1, [B, I]), gradients: fill(9, [O * I + O]) },
    },
  ];
}

const words = (values: (replica: number) => ArrayLike<number>, length: number): Operand => ({
  ...{ shape: [length], type: "u32", values },
});

/** Tables at the last of a step's two batches: `row` is its first position, examples, epoch, order, step. */
const tables = (row: readonly [number, number, number, number, number]) => ({
  control: {
    shape: [CONTROL_SIZE],
    values: () => initialControl({ ...uncontrolled, dropout: 0.5, inputNoise: 0.25 }),
  },
  orderKey: words((replica) => keyOf(77 - replica), 2),
  clock: words(() => [0, 0], 2),
  batches: {
    ...{ shape: [2, batchColumns.length], type: "u32", isShared: true },
    values: () => [0, 1, 0, 0, 1, ...row],
  } satisfies Operand,
});

/** Picking a batch and noise on it: rows of three numbers, of which the last two are padding. */
function batchCases(fill: Filling): readonly KernelCase[] {
  const [B, I, N, T] = [7, 3, 33, 2];
  const { control, ...others } = tables([28, 5, 3, 1, 6]);
  const inputs = { ...fill(11, [N, I]), isShared: true };
  return [
    {
      ...{ title: "gather", kernel: gatherBatch, constants: { B, N, I, T, M: 2, micro: 1 } },
      operands: {
        ...{ inputs, targets: { ...fill(12, [N, T]), isShared: true }, ...others },
        ...{ batchInputs: fill(13, [B, I]), batchTargets: fill(14, [B, T]) },
      },
    },
    {
      ...{ title: "noise", kernel: addInputNoise, constants: { B, I, M: 2, micro: 1 } },
      operands: { batchInputs: fill(15, [B, I]), control, ...others },
    },
  ];
}

/** Dropout of an odd number of elements, stored and added. */
function dropoutCases(fill: Filling): readonly KernelCase[] {
  const [count, layer] = [259, 1];
  const constants = { count, layer, M: 2, micro: 1 };
  const others = tables([0, 1, 0, 0, 9]);
  return [
    {
      ...{ title: "dropout", kernel: dropoutForward, constants },
      operands: { input: fill(16, [count]), output: fill(17, [count]), ...others },
    },
    {
      ...{ title: "dropout", kernel: dropoutBackward, activation: "relu", constants: { ...constants, accumulate: 1 } },
      operands: {
        ...{ outputGrad: fill(18, [count]), saved: fill(19, [count]), inputGrad: fill(20, [count]), ...others },
      },
    },
  ];
}

const castCase = (fill: Filling, format: Format): KernelCase => ({
  ...{ title: "cast", kernel: castStored, constants: { N: 1027, format: formatNumber(format) } },
  operands: { source: fill(21, [1027]), stored: fill(22, [1027]) },
});

const slopesCase = (fill: Filling): KernelCase => ({
  ...{ title: "slopes", kernel: activationSlopes, activation: "sigmoid", constants: { count: 259 } },
  operands: { saved: fill(23, [259]), slopes: fill(24, [259]) },
});

const lossCases: readonly KernelCase[] = lossKinds.map((kind) => lossCase({ kind, seed: 25, B: 5, O: 3, count: 4 }));

/** More than a workgroup's 32 each way. A software driver unrolls loops up to 32 turns, which takes it seconds. */
const oddSizes: LinearSizes = { B: 35, I: 37, O: 33 };

/** The sizes that a variant of the products is for, of which the batch is odd. */
export const variantSizes: Readonly<Record<string, LinearSizes>> = {
  quad: oddSizes,
  direct: { B: 33, I: 20, O: 68 },
  "tiled 64": { B: 35, I: 37, O: 67 },
  split: { B: 515, I: 3, O: 9 },
};

/** Cases whose arithmetic is exact in float32, so that all devices must give the same bits. */
export const exactCases = (format: Format): readonly KernelCase[] => [
  ...productCases(oddSizes, wholes),
  ...batchCases(wholes).slice(0, 1),
  ...dropoutCases(wholes),
  castCase(normals, format),
];

/** The other kernels that load or store numbers of 16 bits where a run has them. */
export const roundedCases: readonly KernelCase[] = [...batchCases(normals).slice(1), slopesCase(normals), ...lossCases];
