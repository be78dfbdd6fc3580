import { afterAll, afterEach, beforeAll, describe, it } from "vitest";
import type { Device } from "../../src/devices/device.ts";
import { batchColumns } from "../../src/engine/batch.ts";
import { CONTROL_SIZE, initialControl, uncontrolled } from "../../src/engine/control.ts";
import { dropoutBackward, dropoutForward } from "../../src/engine/layers/dropout.ts";
import { keyOf } from "../../src/lib/philox.ts";
import * as references from "../reference/activations/index.ts";
import { deviceKinds, devices, expectNoError } from "./devices.ts";
import { expectAgreement, type KernelCase, type Operand } from "./harness.ts";
import { type ActivationKind, normals } from "./linearCases.ts";
import { awkwardSizes } from "./sizes.ts";
import { FLUSHED, functionBound, UNIT_ROUNDOFF } from "./tolerances.ts";

const counts = [...awkwardSizes, 4099];

interface Dropped {
  readonly count: number;
  readonly probability: number;
  readonly layer: number;
  readonly seed: number;
}

/** Tables at the second step of four batches, of which this is the last one: step 9. */
const tables = ({ probability }: Dropped): Readonly<Record<string, Operand>> => ({
  control: { shape: [CONTROL_SIZE], values: () => initialControl({ ...uncontrolled, dropout: probability }) },
  orderKey: { shape: [2], type: "u32", values: (replica) => keyOf(2 ** 33 * replica - 5) },
  clock: { shape: [2], type: "u32", values: () => [1, 0] },
  batches: {
    ...{ shape: [4, batchColumns.length], type: "u32", isShared: true },
    values: () => [8, 8, 8, 9].flatMap((step) => [0, 1, 0, 0, step]),
  },
});

/** 1 / (1 - p) is rounded to 2.5 ULP after a difference, and the products once each. */
const roundings = (more: number) => (values: Float64Array) =>
  values.map((value) => (value === 0 ? 0 : (5 + more) * UNIT_ROUNDOFF * Math.abs(value) + FLUSHED));

function forwardCase(of: Dropped): KernelCase {
  const { count, probability, layer, seed } = of;
  return {
    title: `count ${count}, probability ${probability}`,
    kernel: dropoutForward,
    constants: { count, layer, M: 2, micro: 1 },
    operands: { input: normals(seed, [count]), output: { shape: [count] }, ...tables(of) },
    bounds: ({ after }) => ({ output: roundings(0)(after.output) }),
  };
}

function backwardCase(of: Dropped, activation: ActivationKind, accumulate: 0 | 1): KernelCase {
  const { count, probability, layer, seed } = of;
  return {
    title: `count ${count}, probability ${probability}, ${activation}, accumulate ${accumulate}`,
    kernel: dropoutBackward,
    activation,
    constants: { count, layer, M: 2, micro: 1, accumulate },
    operands: {
      outputGrad: normals(seed, [count]),
      saved: {
        shape: [count],
        values: (replica) => Float32Array.from(normals(seed + 1, [count]).values?.(replica) ?? [], Math.tanh),
      },
      inputGrad: accumulate === 1 ? normals(seed + 2, [count]) : { shape: [count] },
      ...tables(of),
    },
    bounds: ({ before, after }) => ({
      inputGrad: after.inputGrad.map((value, index) => {
        const existing = accumulate === 1 ? Math.abs(before.inputGrad[index]) : 0;
        const gradient = Math.abs(before.outputGrad[index]) / (1 - probability);
        const derivative = functionBound(references[activation].activateGrad, before.saved[index]);
        return gradient * derivative + 7 * UNIT_ROUNDOFF * (Math.abs(value) + existing) + FLUSHED;
      }),
    }),
  };
}

describe.each(deviceKinds)("dropout on %s agrees with float64", (kind) => {
  let device: Device;
  beforeAll(async () => {
    device = await devices[kind]();
  });
  afterEach(() => expectNoError(device));
  afterAll(() => device.destroy());

  it("drops the same elements as TypeScript's Philox, for three replicas, and scales the others", async () => {
    const cases = counts.flatMap((count, seed) =>
      [0, 0.25, 0.9].map((probability) => forwardCase({ count, probability, layer: seed % 3, seed })),
    );
    await expectAgreement(device, cases, 3);
  });

  it("passes gradients where it passed activations, through the derivative, stored or added", async () => {
    const cases = counts.flatMap((count, seed) =>
      ([0, 1] as const).map((accumulate) =>
        backwardCase({ count, probability: 0.4, layer: 2, seed }, seed % 2 === 0 ? "tanh" : "relu", accumulate),
      ),
    );
    await expectAgreement(device, cases, 3);
  });
});
