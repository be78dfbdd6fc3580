import { afterEach, describe, expect, test } from "vitest";
import type { RunConfig } from "../../src/session/config.ts";
import { createPage, deviceChoices } from "./page.ts";
import { configOf } from "./runOf.ts";

const pages: ReturnType<typeof createPage>[] = [];
const newPage = () => {
  const page = createPage();
  pages.push(page);
  return page;
};
afterEach(async () => {
  for (const page of pages.splice(0)) await page.close();
});

type Page = ReturnType<typeof createPage>;
const stateOf = (page: Page) => page.of("state").at(-1);
const hasStopped = (page: Page) => () => stateOf(page)?.stopped !== undefined;
const brokeOf = (page: Page) => page.of("broke").at(-1)?.broke;
const total = (page: Page) => page.of("metrics").flatMap(({ metrics }) => [...metrics.step]);

/** With a learning rate beyond what the page allows, so that it takes few steps. */
const withRate = (config: RunConfig, learningRate: number): RunConfig => ({
  ...config,
  optimizer: { ...config.optimizer, learningRate },
});
const layers = [
  { width: 8, activation: "relu" },
  { width: 8, activation: "relu" },
];
const reluOn = (device: (typeof deviceChoices)[number], learningRate: number): RunConfig =>
  withRate(
    configOf({
      data: { kind: "moons", size: 200 },
      ...{ model: { layers }, optimizer: { kind: "sgd" }, compute: { device } },
    }),
    learningRate,
  );

describe.each(deviceChoices)("on %s", (device) => {
  test("a run that blows up while it plays stops by itself at its last good step, and says where it broke", async () => {
    const page = newPage();
    const good = reluOn(device, 0.01);
    await page.configure(good, true);
    await page.until(() => page.lastStep() > 40);
    await page.change(withRate(good, 1e20));
    await page.until(hasStopped(page));
    const broke = brokeOf(page);
    const last = stateOf(page)?.step ?? 0;
    expect(broke?.step).toBe(last + 1);
    expect(["forward", "loss", "backward", "update"]).toContain(broke?.move);
    expect(broke?.tensor).toMatch(/^(loss|layers\.[012]\.(output|weight|bias))$/);
    expect(broke?.count).toBeGreaterThan(0);
    // Nothing that is reported is not a number, and nothing comes after the last good step
    expect(page.losses().every(Number.isFinite)).toBe(true);
    expect(Math.max(...total(page))).toBeLessThanOrEqual(last + 1);
    expect(stateOf(page)).toMatchObject({ playing: false, stopped: expect.stringContaining("not a number") });

    await page.rewind(Math.max(0, last - 20), good, true);
    await page.until(() => page.lastStep() > last + 40);
    expect(page.losses().every(Number.isFinite)).toBe(true);
    expect(page.of("failure")).toEqual([]);
  });

  test("single steps stop at the same place, and stay there", async () => {
    const page = newPage();
    await page.configure(reluOn(device, 1e20));
    for (let step = 0; step < 6; step++) await page.send("step");
    const [first, ...others] = page.of("broke").map(({ broke }) => broke);
    expect(first).toBeDefined();
    for (const other of others) expect(other).toEqual(first);
    expect(stateOf(page)?.step).toBe((first?.step ?? 0) - 1);
    // A reset run is a sound one
    await page.send("reset");
    expect(Number.isFinite(page.validation().at(-1)?.loss)).toBe(true);
  });
});

test("the move is named that is the first to give no number", async () => {
  const found = new Map<string, string>();
  // The larger the rate, the earlier the overflow: in the weights that a step makes, or in what the next one computes
  for (const learningRate of [1e39, 1e30, 1e19]) {
    const page = newPage();
    await page.configure(reluOn("cpu", learningRate), true);
    await page.until(() => hasStopped(page)() || page.lastStep() > 2000);
    const broke = brokeOf(page);
    if (broke !== undefined) found.set(broke.move, broke.tensor);
    await page.send("pause");
  }
  expect(Object.fromEntries(found)).toEqual({
    update: expect.stringMatching(/^layers\.\d\.(weight|bias)$/),
    forward: expect.stringMatching(/^layers\.\d\.output$/),
  });
});

test("a squared error that overflows is the loss's, whatever the outputs still are", async () => {
  const page = newPage();
  const config = configOf({
    data: { kind: "sine", size: 100 },
    loss: { kind: "mse" },
    optimizer: { kind: "sgd" },
    model: { layers: [] },
    compute: { device: "cpu" },
  });
  await page.configure(withRate(config, 1e21), true);
  await page.until(() => hasStopped(page)() || page.lastStep() > 2000);
  expect(brokeOf(page)).toMatchObject({ move: "loss", tensor: "loss", value: Number.POSITIVE_INFINITY });
  expect(brokeOf(page)).not.toHaveProperty("layer");
});

test("an overflow that dynamic loss scaling cancels does not stop a run", async () => {
  const page = newPage();
  const config = configOf({
    compute: { device: "cpu", precision: "f16", lossScaling: "dynamic", initialLossScale: 2 ** 24 },
    stopping: { steps: 60 },
  });
  await page.configure(config, true);
  await page.until(hasStopped(page));
  expect(stateOf(page)?.stopped).toContain("60 steps");
  expect(page.of("broke")).toEqual([]);
});
