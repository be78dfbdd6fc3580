import { setFlagsFromString } from "node:v8";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCpuMachine } from "../../src/devices/cpu/machine.ts";
import { createKernelModule, type KernelModule } from "../../src/devices/cpu/module.ts";
import type { Device } from "../../src/devices/device.ts";
import { expectAgreement, type KernelCase } from "../kernels/harness.ts";
import { backwardInputCase, backwardWeightCase, forwardCase } from "../kernels/linearCases.ts";
import { type LinearSizes, linearSizes } from "../kernels/sizes.ts";

// Node 20 has relaxed SIMD behind this flag; later ones have it always.
setFlagsFromString("--experimental-wasm-relaxed-simd");

const activation = "leakyRelu";
const stored = (turn: number): 0 | 1 => (turn % 2 === 0 ? 0 : 1);

const cases: Readonly<Record<string, (sizes: LinearSizes, turn: number) => KernelCase>> = {
  forward: (sizes, turn) => forwardCase({ ...sizes, seed: turn, activation }, false),
  backwardInput: (sizes, turn) => backwardInputCase({ ...sizes, seed: turn, activation }, stored(turn)),
  backwardWeight: (sizes, turn) => backwardWeightCase({ ...sizes, seed: turn }, stored(turn)),
};

/** Half of it is more than a block, in every direction: each cut of a product is crossed; see kernels/common/blocks.ts. */
const beyondBlocks: readonly LinearSizes[] = [
  { B: 1070, I: 7, O: 401 },
  { B: 3, I: 1030, O: 1030 },
];

describe.each([{ relaxed: false }, { relaxed: true }])(
  "products on the CPU, relaxed: $relaxed, agree with float64",
  ({ relaxed }) => {
    let module: KernelModule;
    beforeAll(async () => {
      module = await createKernelModule({ relaxed, threads: 2 });
    });
    /** Shares every call, in several rounds where it touches as many numbers. */
    const deviceOf = (secondRoundFrom: number): Device => ({
      kind: "cpu",
      label: "CPU",
      software: false,
      lost: new Promise(() => {}),
      liveBytes: 0,
      load: async (plan) => createCpuMachine(plan, module, { sharedFrom: 1, secondRoundFrom }),
      destroy() {},
    });
    afterAll(() => module.close());

    it.each(Object.keys(cases))("in %s over awkward sizes on two threads, in four rounds of parts", async (name) => {
      expect(module.isRelaxed).toBe(relaxed);
      const every = linearSizes.filter((_, turn) => turn % 2 === 0);
      await expectAgreement(deviceOf(1), every.map(cases[name]), 2);
    });

    it.each(Object.keys(cases))("in %s over several blocks", async (name) => {
      await expectAgreement(deviceOf(Number.POSITIVE_INFINITY), beyondBlocks.map(cases[name]), 1);
    });
  },
);
