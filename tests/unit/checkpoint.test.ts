import { describe, expect, it } from "vitest";
import { compileRun } from "../../src/engine/compile.ts";
import { mse } from "../../src/engine/losses/mse.ts";
import { sgd } from "../../src/engine/optimizers/sgd.ts";

const compile = (layers: number, activation: string, checkpointing = true) =>
  compileRun({
    model: { inputs: 8, layers: Array.from({ length: layers }, () => ({ width: 64, activation })), outputs: 1 },
    ...{ loss: mse, optimizer: sgd, targetWidth: 1, batchSize: 256, replicas: 1, maxSteps: 1, probeCount: 1 },
    ...{ counts: { train: 256, validation: 1, test: 1 }, checkpointing },
  });

const LAYER_BYTES = 256 * 64 * 4;

describe("activation checkpointing", () => {
  it.each(["tanh", "gelu"])(
    "needs less than 0.7 of the memory for the activations of 12 layers of %s",
    (activation) => {
      const [without, withCheckpointing] = compile(12, activation).checkpointing.bytes;
      expect(without).toBeGreaterThan(12 * LAYER_BYTES);
      expect(withCheckpointing).toBeLessThan(0.7 * without);
    },
  );

  it("keeps about as many layers as twice the square root of all, and two gradients", () => {
    const [, bytes] = compile(63, "tanh").checkpointing.bytes;
    expect(bytes / LAYER_BYTES).toBeLessThan(2 * Math.sqrt(64) + 4);
  });

  it("reports what the run's own step has, with and without it", () => {
    for (const checkpointing of [false, true]) {
      const { plan, checkpointing: cost } = compile(12, "tanh", checkpointing);
      expect(cost.calls[checkpointing ? 1 : 0]).toBe(plan.programs.step.calls.length);
      expect(plan.memory.bytesByRole.activations).toBeGreaterThanOrEqual(cost.bytes[checkpointing ? 1 : 0]);
    }
  });

  it("computes a layer a second time unless it is kept: 13 layers in segments of 4 cost 9 calls", () => {
    const [without, withCheckpointing] = compile(12, "tanh").checkpointing.calls;
    expect(withCheckpointing - without).toBe(9);
  });

  it("multiplies once more what it computes a second time: 9 layers of 64 x 64", () => {
    const [without, withCheckpointing] = compile(12, "tanh").checkpointing.multiplications;
    // Each layer three times, but for the inputs' gradient of the first
    const all = 256 * (2 * 8 * 64 + 3 * 11 * 64 * 64 + 3 * 64);
    expect(without).toBe(all);
    const again = withCheckpointing - without;
    expect(again).toBeGreaterThan(8 * 256 * 64 * 64);
    expect(again).toBeLessThanOrEqual(9 * 256 * 64 * 64);
  });

  it("changes nothing for a model without hidden layers", () => {
    const { bytes, calls, multiplications } = compile(0, "tanh").checkpointing;
    expect(multiplications[1]).toBe(multiplications[0]);
    expect(bytes[1]).toBe(bytes[0]);
    expect(calls[1]).toBe(calls[0]);
  });
});
