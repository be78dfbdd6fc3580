import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Device } from "../../src/devices/device.ts";
import { deviceKinds, devices, expectNoError } from "./devices.ts";
import { expectAgreement, type KernelCase, mismatches } from "./harness.ts";
import { normals } from "./linearCases.ts";
import { type LossKind, type LossSizes, lossCase, lossKinds, lossOf, lossOperands, settingsOf } from "./lossCases.ts";

/**
 * Full, short and nearly empty batches; one output, and more outputs than rows. Few, because a software driver unrolls
 * the loops over outputs and takes a second to compile each.
 */
const sizes: readonly LossSizes[] = [
  { B: 1, O: 1, count: 1 },
  { B: 2, O: 3, count: 1 },
  { B: 33, O: 2, count: 33 },
  { B: 65, O: 7, count: 64 },
  { B: 129, O: 1, count: 5 },
  { B: 7, O: 257, count: 7 },
  { B: 257, O: 3, count: 255 },
];

const ofSizes = (kind: LossKind, isExtreme: boolean): readonly KernelCase[] =>
  sizes.map((size, seed) => lossCase({ kind, ...size, seed, isExtreme }));

/** Three classes, whose labels all occur in 65 examples; the second weight counts more than the others together. */
const smoothedAndWeighted: readonly KernelCase[] = [
  { labelSmoothing: 0.25 },
  { classWeights: [0.5, 3, 0] },
  { labelSmoothing: 0.1, classWeights: [0.5, 3, 0.25] },
].flatMap((values, seed) =>
  [false, true].map((isExtreme) =>
    lossCase({ kind: "cross-entropy", B: 67, O: 3, count: 65, seed, values, isExtreme }),
  ),
);

/** A bad number at the start of the first row and at the end of the last; the row between has none. */
function spoiltCase(kind: LossKind, bad: number): KernelCase {
  const { kernel, task, outputsFor } = lossOf(kind);
  const O = outputsFor(2);
  const outputs = O === 1 ? [bad, 2, bad] : [bad, 1, 2, 3, 1, bad];
  return {
    title: `an output of ${bad}`,
    isUnusual: true,
    kernel,
    constants: { B: 3, O, M: 3, micro: 1 },
    operands: {
      outputs: { shape: [3, O], values: () => outputs },
      targets: task === "classification" ? { shape: [3], values: () => [0, 1, 1] } : normals(1, [3, O]),
      ...lossOperands({ B: 3, count: 3, settings: settingsOf(kind, O) }),
    },
    // Only what is finite may differ at all. A prediction that is no number is neither right nor wrong.
    bounds: () => ({
      rowLoss: [0, 0, 0, 1e-5, 1e-5, 1e-5, 0, 0, 0],
      rowHit: [0, 0, 0, 1, 0, 1, 0, 0, 0],
      outputs: new Array(3 * O).fill(1e-5),
    }),
  };
}

describe.each(deviceKinds)("losses on %s agree with float64", (kind) => {
  let device: Device;
  beforeAll(async () => {
    device = await devices[kind]();
  });
  afterEach(() => expectNoError(device));
  afterAll(() => device.destroy());

  it.each(lossKinds)("%s and its gradient, for three replicas", async (loss) => {
    await expectAgreement(device, ofSizes(loss, false), 3);
  });

  it.each(lossKinds)("%s of outputs from -80 to 81", async (loss) => {
    await expectAgreement(device, ofSizes(loss, true), 3);
  });

  it("all for a single run", async () => {
    const size = { B: 3, O: 2, count: 2 };
    await expectAgreement(
      device,
      lossKinds.map((loss, seed) => lossCase({ kind: loss, ...size, seed })),
      1,
    );
  });

  it("cross-entropy with label smoothing and class weights", async () => {
    await expectAgreement(device, smoothedAndWeighted, 3);
  });

  it("cross-entropy with the mean weight of a whole split", async () => {
    const values = { labelSmoothing: 0.1, classWeights: [0.5, 3, 0.25] };
    const evaluated = [0, 0, 1, 2];
    await expectAgreement(
      device,
      [lossCase({ kind: "cross-entropy", ...{ B: 5, O: 3, count: 4, seed: 1 }, values, evaluated })],
      3,
    );
  });

  it("huber with a small and a large delta", async () => {
    const size = { B: 33, O: 7, count: 32, seed: 1 };
    const cases = [0.01, 100].map((delta) => lossCase({ kind: "huber", ...size, values: { delta } }));
    await expectAgreement(device, cases, 3);
  });

  it("mae where a prediction is equal to its target: no gradient", async () => {
    const equal = lossCase({ kind: "mae", B: 5, O: 3, count: 5, seed: 1 });
    const operands = { ...equal.operands, targets: equal.operands.outputs };
    const bounds = () => ({});
    await expectAgreement(device, [{ ...equal, operands, bounds }], 1);
  });

  it.each(lossKinds)("%s of NaN and infinite outputs, which come out as such", async (loss) => {
    const bad = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    await expectAgreement(
      device,
      bad.map((value) => spoiltCase(loss, value)),
      1,
    );
  });
});

interface Fault {
  readonly name: string;
  readonly test: KernelCase;
  readonly right: string;
  readonly wrong: string;
}

const small = { B: 9, O: 3, count: 7, seed: 1 } as const;
const weighted = lossCase({ kind: "cross-entropy", ...small, values: { classWeights: [0.5, 3, 2] } });
const smoothed = lossCase({ kind: "cross-entropy", ...small, values: { labelSmoothing: 0.1 } });

const faults: readonly Fault[] = [
  { name: "a weighted mean without its weights", test: weighted, right: "loss * scale", wrong: "loss" },
  { name: "weights summed over the padding too", test: weighted, right: "b < count; b++", wrong: "b < B; b++" },
  { name: "the loss of smoothed labels without the other classes", test: smoothed, right: "- smoothed", wrong: "" },
  {
    name: "binary cross-entropy's gradient with the sign of the other class",
    test: lossCase({ kind: "bce-with-logits", ...small }),
    right: "select(probability, -probability, isSecond)",
    wrong: "probability",
  },
  {
    name: "a Huber loss that jumps at delta",
    test: lossCase({ kind: "huber", ...small }),
    right: "size - 0.5 * delta",
    wrong: "size",
  },
  {
    name: "an absolute error whose NaN has no gradient",
    test: spoiltCase("mae", Number.NaN),
    right: "select(select(x, -1.0, x < 0.0), 1.0, x > 0.0)",
    wrong: "select(select(0.0, -1.0, x < 0.0), 1.0, x > 0.0)",
  },
];

describe("the comparison of losses with float64", () => {
  let device: Device;
  beforeAll(async () => {
    device = await devices.webgpu();
  });
  afterAll(() => device.destroy());

  it.each(faults)("rejects $name", async ({ test, right, wrong }) => {
    const { wgsl } = test.kernel;
    expect(wgsl).toContain(right);
    const broken = { ...test, kernel: { ...test.kernel, wgsl: wgsl.replaceAll(right, wrong) } };
    expect(await mismatches(device, [broken], 1)).not.toEqual([]);
    expect(await mismatches(device, [test], 1)).toEqual([]);
  });
});
