import { afterAll, afterEach, beforeAll, describe, it } from "vitest";
import type { Device } from "../../src/devices/device.ts";
import { activationSlopes } from "../../src/engine/probes.ts";
import * as references from "../reference/activations/index.ts";
import { deviceKinds, devices, expectNoError } from "./devices.ts";
import { expectAgreement, type KernelCase } from "./harness.ts";
import { type ActivationKind, activationKinds, normals } from "./linearCases.ts";
import { functionBound } from "./tolerances.ts";

const slopesCase = (activation: ActivationKind, count: number): KernelCase => ({
  title: `${activation}, count ${count}`,
  kernel: activationSlopes,
  activation,
  constants: { count },
  operands: {
    saved: {
      shape: [count],
      values: (replica) => Float32Array.from(normals(9, [count]).values?.(replica) ?? [], Math.tanh),
    },
    slopes: { shape: [count] },
  },
  bounds: ({ before }) => ({
    slopes: before.saved.map((saved) => functionBound(references[activation].activateGrad, saved)),
  }),
});

describe.each(deviceKinds)("the slopes of activations on %s", (kind) => {
  let device: Device;
  beforeAll(async () => {
    device = await devices[kind]();
  });
  afterEach(() => expectNoError(device));
  afterAll(() => device.destroy());

  it("are the derivatives of float64, for three replicas", async () => {
    const cases = activationKinds.flatMap((activation) => [1, 259].map((count) => slopesCase(activation, count)));
    await expectAgreement(device, cases, 3);
  });
});
