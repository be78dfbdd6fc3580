import { expect, test } from "vitest";
import { checkConfig } from "../../src/session/check.ts";
import { openDevice } from "../../src/session/openDevice.ts";
import { prepareData } from "../../src/session/prepareData.ts";
import { createRun } from "../../src/session/run.ts";

/** The highest validation accuracy of a run on the digits, asked for every hundred steps. */
async function bestAccuracy(layers: readonly number[], learningRate: number, steps: number): Promise<number> {
  const checked = checkConfig({
    data: { kind: "digits" },
    model: { layers: layers.map((width) => ({ width, activation: "relu" })), initializer: { kind: "heUniform" } },
    optimizer: { kind: "adam", learningRate },
    compute: { device: "cpu", batchSize: 128 },
  });
  if (!checked.ok) throw new Error(checked.problems.join(" "));
  const { config } = checked;
  const { device } = await openDevice("cpu", undefined);
  const data = prepareData(config.data, undefined);
  const run = await createRun({ config, data, device, probe: new Float32Array(data.inputWidth) });
  let best = 0;
  for (let step = 0; step < steps; step += 100) {
    await run.trainSteps(100);
    best = Math.max(best, (await run.evaluate("validation")).accuracy ?? 0);
  }
  device.destroy();
  return best;
}

test("no linear model gets past 92 % of the digits, from slow to fast learning", async () => {
  const accuracies = [];
  // Most reach their best within ten epochs of 66 steps and get worse after that.
  for (const learningRate of [3e-4, 1e-3, 3e-3]) accuracies.push(await bestAccuracy([], learningRate, 1200));
  expect(Math.max(...accuracies)).toBeLessThan(0.92);
  // Far above chance: the bound is not held by a model that has learned nothing.
  expect(Math.min(...accuracies)).toBeGreaterThan(0.8);
});

test("784-256-128-10 gets 96 % of the digits", async () => {
  expect(await bestAccuracy([256, 128], 1e-3, 800)).toBeGreaterThanOrEqual(0.96);
});
