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

/** More than a block in every direction, so that each cut of a product is crossed; see kernels/common/blocks.ts. */
const beyondBlocks: readonly LinearSizes[] = [
  { B: 530, I: 7, O: 401 },
  { B: 3, I: 801, O: 515 },
];

describe.each([{ relaxed: false }, { relaxed: true }])(
  "products on the CPU, relaxed: $relaxed, agree with float64",
  ({ relaxed }) => {
    let module: KernelModule;
    let device: Device;
    beforeAll(async () => {
      module = await createKernelModule({ relaxed, threads: 2 });
      const load: Device["load"] = async (plan) => createCpuMachine(plan, module, { sharedFrom: 1 });
      device = {
        kind: "cpu",
        label: "CPU",
        software: false,
        lost: new Promise(() => {}),
        liveBytes: 0,
        load,
        destroy() {},
      };
    });
    afterAll(() => module.close());

    it.each(Object.keys(cases))("in %s over awkward sizes on two threads", async (name) => {
      expect(module.isRelaxed).toBe(relaxed);
      const every = linearSizes.filter((_, turn) => turn % 2 === 0);
      await expectAgreement(device, every.map(cases[name]), 2);
    });

    it.each(Object.keys(cases))("in %s over several blocks", async (name) => {
      await expectAgreement(device, beyondBlocks.map(cases[name]), 1);
    });
  },
);
