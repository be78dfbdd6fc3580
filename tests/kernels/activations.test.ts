import { afterAll, afterEach, beforeAll, describe, it } from "vitest";
import type { Device } from "../../src/devices/device.ts";
import * as activations from "../../src/engine/activations/index.ts";
import { linearBackwardInput, linearForwardSaving } from "../../src/engine/layers/linear.ts";
import * as references from "../reference/activations/index.ts";
import { deviceKinds, devices, expectNoError } from "./devices.ts";
import { expectAgreement, type KernelCase, type Operand } from "./harness.ts";
import { type ActivationKind, activationKinds } from "./linearCases.ts";
import { functionBound, UNIT_ROUNDOFF } from "./tolerances.ts";

const given = (shape: readonly number[], values: ArrayLike<number>): Operand => ({ shape, values: () => values });

/** Both signs of: a fine grid over [0, 10), powers of ten from 1e-30 to 10, the exponential's extremes. */
const sizes = [
  0,
  ...Array.from({ length: 500 }, (_, index) => (index + 0.5) / 50),
  ...Array.from({ length: 32 }, (_, index) => 10 ** (index - 30)),
  ...[20, 40, 80, 87, 89, 100],
];
const points = Float32Array.from(sizes.flatMap((x) => [x, -x]));
const [B, O] = [points.length, 1];

/** output = activate(1 x + 0): nothing but the function's own error. */
const forwardCase = (activation: ActivationKind): KernelCase => ({
  title: activation,
  kernel: linearForwardSaving,
  constants: { B, I: 1, O },
  activation,
  operands: {
    input: given([B, 1], points),
    weight: given([O, 1], [1]),
    bias: given([O], [0]),
    preactivation: { shape: [B, O] },
    output: { shape: [B, O] },
  },
  bounds: ({ before }) => ({ output: before.input.map((x) => functionBound(references[activation].activate, x)) }),
});

/** inputGrad = (1 * 1) activateGrad(saved) */
function backwardCase(activation: ActivationKind): KernelCase {
  const { activate, activateGrad } = references[activation];
  const saved = points.map((x) => (activations[activation].saves === "input" ? x : activate(x)));
  return {
    title: activation,
    kernel: linearBackwardInput,
    constants: { B, I: 1, O, accumulate: 0 },
    activation,
    operands: {
      outputGrad: given([B, O], new Float32Array(B).fill(1)),
      weight: given([O, 1], [1]),
      saved: given([B, 1], saved),
      inputGrad: { shape: [B, 1] },
    },
    bounds: ({ before }) => ({ inputGrad: before.saved.map((s) => functionBound(activateGrad, s)) }),
  };
}

/** Whole numbers, so that all finite sums are exact, and one row each with NaN, +Inf and -Inf. */
const unusual = [1, 2, Number.NaN, 1, 1, Number.POSITIVE_INFINITY, -3, Number.NEGATIVE_INFINITY, -1, 0];

const nonFiniteCase = (activation: ActivationKind): KernelCase => {
  const { activate } = references[activation];
  return {
    title: `${activation} of NaN and infinities`,
    isUnusual: true,
    kernel: linearForwardSaving,
    constants: { B: 5, I: 2, O: 3 },
    activation,
    operands: {
      input: given([5, 2], unusual),
      weight: given([3, 2], [1, 2, -1, -2, 2, 1]),
      bias: given([3], [0, 1, -1]),
      preactivation: { shape: [5, 3] },
      output: { shape: [5, 3] },
    },
    bounds: ({ after }) => ({
      output: after.preactivation.map((z) => (Number.isFinite(z) ? functionBound(activate, z) : UNIT_ROUNDOFF)),
    }),
  };
};

describe.each(deviceKinds)("activations on %s", (kind) => {
  let device: Device;
  beforeAll(async () => {
    device = await devices[kind]();
  });
  afterEach(() => expectNoError(device));
  afterAll(() => device.destroy());

  it.each(activationKinds)("%s is as accurate as its arithmetic allows, from 1e-30 to 100", async (activation) => {
    await expectAgreement(device, [forwardCase(activation), backwardCase(activation)], 1);
  });

  it("let NaN and infinities through, so that a broken run is seen", async () => {
    await expectAgreement(device, activationKinds.map(nonFiniteCase), 1);
  });
});
