import { afterAll, afterEach, beforeAll, describe, it } from "vitest";
import type { Device } from "../../src/devices/device.ts";
import * as losses from "../../src/engine/losses/index.ts";
import { createRandom } from "../../src/lib/random.ts";
import { deviceKinds, devices, expectNoError } from "./devices.ts";
import { expectAgreement, type KernelCase, type Operand, type Replica } from "./harness.ts";
import { normals } from "./linearCases.ts";
import { crossEntropyBounds, FLUSHED, sumBound, UNIT_ROUNDOFF } from "./tolerances.ts";

interface LossSizes {
  readonly B: number;
  readonly O: number;
  /** Rows in use. */
  readonly count: number;
}

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

/** The step reads the second row of the table; another row would give another count. */
const clockAndBatches = ({ count }: LossSizes): Readonly<Record<string, Operand>> => ({
  clock: { shape: [2], type: "u32", values: () => [1, 0] },
  batches: { shape: [3, 4], type: "u32", isShared: true, values: () => [0, 1, 0, 0, 5, count, 2, 1, 0, 1, 0, 0] },
});

const rows = ({ B }: LossSizes): Readonly<Record<string, Operand>> => ({
  rowLoss: { shape: [B] },
  rowHit: { shape: [B] },
});

/** Logits from -80 to 80: differences up to 160, where exp underflows. */
function logits(seed: number, { B, O }: LossSizes, isExtreme: boolean): Operand {
  const values = (replica: number) => {
    const random = createRandom(seed, "data", replica);
    const extreme = () => [80, -80, 0][random.integer(3)] + random.uniform();
    return Float32Array.from({ length: B * O }, () => (isExtreme ? extreme() : 2 * random.normal()));
  };
  return { shape: [B, O], values };
}

function labels(seed: number, { B, O }: LossSizes): Operand {
  const values = (replica: number) => {
    const random = createRandom(seed, "data", replica);
    return Float32Array.from({ length: B }, () => random.integer(O));
  };
  return { shape: [B], values };
}

function crossEntropyCase(size: LossSizes, seed: number, isExtreme: boolean): KernelCase {
  const { B, O, count } = size;
  const bounds = ({ before, after }: Replica) => {
    const of = (b: number, c: number) => {
      const row = before.outputs.subarray(b * O, (b + 1) * O);
      const largest = Math.max(...row);
      const label = before.targets[b];
      const isLabel = c === label;
      const probability = after.outputs[b * O + c] * count + (isLabel ? 1 : 0);
      const labelDistance = largest - row[label];
      const distance = largest - row[c];
      return crossEntropyBounds({ loss: after.rowLoss[b], labelDistance, probability, distance, isLabel, O, count });
    };
    return {
      rowLoss: after.rowLoss.map((_, b) => (b < count ? of(b, 0).loss : 0)),
      outputs: after.outputs.map((_, at) => (at < count * O ? of(Math.floor(at / O), at % O).gradient : 0)),
    };
  };
  return {
    title: `B ${B}, O ${O}, count ${count}${isExtreme ? ", extreme logits" : ""}`,
    kernel: losses["cross-entropy"].kernel,
    constants: { B, O },
    operands: {
      outputs: logits(seed, size, isExtreme),
      targets: labels(seed + 1, size),
      ...rows(size),
      ...clockAndBatches(size),
    },
    bounds,
  };
}

/** A difference is rounded once, its square twice more; the gradient's factor has two quotients of 2.5 ULP. */
function mseCase(size: LossSizes, seed: number): KernelCase {
  const { B, O, count } = size;
  return {
    title: `B ${B}, O ${O}, count ${count}`,
    kernel: losses.mse.kernel,
    constants: { B, O },
    operands: {
      outputs: normals(seed, [B, O]),
      targets: normals(seed + 1, [B, O]),
      ...rows(size),
      ...clockAndBatches(size),
    },
    bounds: ({ after }) => ({
      rowLoss: after.rowLoss.map((loss) => sumBound(O + 4, loss)),
      outputs: after.outputs.map((gradient) => 8 * UNIT_ROUNDOFF * Math.abs(gradient) + FLUSHED),
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

  it("cross-entropy and its gradient, for three replicas", async () => {
    await expectAgreement(
      device,
      sizes.map((size, seed) => crossEntropyCase(size, seed, false)),
      3,
    );
  });

  it("cross-entropy of logits from -80 to 80", async () => {
    await expectAgreement(
      device,
      sizes.map((size, seed) => crossEntropyCase(size, seed, true)),
      3,
    );
  });

  it("mean squared error and its gradient, for three replicas", async () => {
    await expectAgreement(
      device,
      sizes.map((size, seed) => mseCase(size, seed)),
      3,
    );
  });

  it("both for a single run", async () => {
    const size = { B: 3, O: 2, count: 2 };
    await expectAgreement(device, [crossEntropyCase(size, 1, false), mseCase(size, 2)], 1);
  });

  it("and a NaN or infinite output gives a loss that is not finite", async () => {
    const outputs = [Number.NaN, 1, 1, Number.POSITIVE_INFINITY, 2, 3];
    const size = { B: 3, O: 2, count: 3 };
    for (const { kernel, task } of Object.values(losses)) {
      const targets = task === "classification" ? { shape: [3], values: () => [0, 1, 1] } : normals(1, [3, 2]);
      const operands = {
        outputs: { shape: [3, 2], values: () => outputs },
        targets,
        ...rows(size),
        ...clockAndBatches(size),
      };
      const loose = { rowLoss: [0, 0, 1e-4], rowHit: [1, 1, 0], outputs: [1e9, 1e9, 1e9, 1e9, 1e-4, 1e-4] };
      await expectAgreement(
        device,
        [{ title: "not finite", kernel, constants: { B: 3, O: 2 }, operands, bounds: () => loose }],
        1,
      );
    }
  });
});
