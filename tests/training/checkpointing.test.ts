import { afterAll, beforeAll, expect, it } from "vitest";
import { createCpuDevice } from "../../src/devices/cpu/device.ts";
import type { Device } from "../../src/devices/device.ts";
import { planMemory } from "../../src/engine/graph/memory.ts";
import { runOf, weightsOf } from "./runOf.ts";

let device: Device;
beforeAll(async () => {
  device = await createCpuDevice();
});
afterAll(() => device.destroy());

const train = async (checkpointing: boolean, part: object) => {
  const layers = Array.from({ length: 12 }, (_, index) => ({
    width: 10 + index,
    activation: index % 2 ? "gelu" : "tanh",
  }));
  const run = await runOf(
    {
      model: { layers, dropout: 0.1 },
      ...part,
      compute: { device: "cpu", checkpointing, batchSize: 64, accumulation: 2 },
    },
    device,
  );
  const rows = await run.trainSteps(30);
  const words = new Uint32Array((await weightsOf(run)).buffer);
  const { checkpointing: promised, plan } = run.plan;
  // All programs share memory, of which the largest decides
  const stepOnly = planMemory([plan.programs.step], 1, new Set());
  const bytes = stepOnly.bytesByRole.activations ?? 0;
  run.dispose();
  return { rows, words, bytes, promised };
};

it("gives the same weights to the bit as keeping the activations of 12 layers, with dropout, in less memory", async () => {
  const [without, withCheckpointing] = [await train(false, {}), await train(true, {})];
  expect(withCheckpointing.words).toEqual(without.words);
  expect([...withCheckpointing.rows.loss]).toEqual([...without.rows.loss]);
  expect(new Set(without.rows.loss).size).toBe(30);
  const bytes = [without.bytes, withCheckpointing.bytes];
  for (const { promised } of [without, withCheckpointing]) expect(promised.bytes).toEqual(bytes);
  expect(withCheckpointing.bytes).toBeLessThan(0.8 * without.bytes);
});
