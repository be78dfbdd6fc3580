import { afterAll, afterEach, beforeAll, describe, it } from "vitest";
import type { Device } from "../../src/devices/device.ts";
import { deviceKinds, devices, expectNoError } from "./devices.ts";
import { expectAgreement, type KernelCase } from "./harness.ts";
import { type ActivationKind, backwardInputCase, backwardWeightCase, forwardCase } from "./linearCases.ts";
import { type LinearSizes, linearSizes, singleRunSizes } from "./sizes.ts";

const bit = (turn: number): 0 | 1 => (turn % 2 === 0 ? 0 : 1);

/** Not linear, not constant where negative, and quick to compile; the test of activations has them all. */
const activation: ActivationKind = "leakyRelu";

/** Sizes with the same products, one after another, for a kernel that differs from another in one more store. */
const someLinearSizes = linearSizes.filter((_, turn) => turn % 3 === 0);

interface Sweep {
  readonly sizes: readonly LinearSizes[];
  /** A case for sizes; `turn` seeds it, and lets gradients be stored and added in turns. */
  readonly make: (sizes: LinearSizes, turn: number) => KernelCase;
}

/** All kernels of the layer. */
const sweeps: Readonly<Record<string, Sweep>> = {
  forward: {
    sizes: linearSizes,
    make: (sizes, turn) => forwardCase({ ...sizes, seed: turn, activation }, false),
  },
  forwardSaving: {
    sizes: someLinearSizes,
    make: (sizes, turn) => forwardCase({ ...sizes, seed: turn, activation }, true),
  },
  backwardInput: {
    sizes: linearSizes,
    make: (sizes, turn) => backwardInputCase({ ...sizes, seed: turn, activation }, bit(turn)),
  },
  backwardWeight: {
    sizes: linearSizes,
    make: (sizes, turn) => backwardWeightCase({ ...sizes, seed: turn }, bit(turn)),
  },
};

describe.each(deviceKinds)("the linear layer on %s agrees with float64", (kind) => {
  let device: Device;
  beforeAll(async () => {
    device = await devices[kind]();
  });
  afterEach(() => expectNoError(device));
  afterAll(() => device.destroy());

  it.each(Object.keys(sweeps))("in %s over awkward sizes, for three replicas with different contents", async (name) => {
    await expectAgreement(device, sweeps[name].sizes.map(sweeps[name].make), 3);
  });

  it("in all kernels for a single run, stored and added", async () => {
    const cases = Object.values(sweeps).flatMap(({ make }) => [0, 1].map((turn) => make(singleRunSizes, turn)));
    await expectAgreement(device, cases, 1);
  });

  it("when all replicas share one input, as predictions do", async () => {
    const { operands, ...one } = forwardCase({ ...singleRunSizes, seed: 5, activation }, false);
    const shared: KernelCase = { ...one, operands: { ...operands, input: { ...operands.input, isShared: true } } };
    await expectAgreement(device, [shared], 3);
  });
});
