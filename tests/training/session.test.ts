import { describe, expect, test } from "vitest";
import { defaultsOf } from "../../src/lib/hyperparameters.ts";
import { defaultConfig, optimizers } from "../../src/session/config.ts";
import { createPage, deviceChoices, spiralsOn } from "./page.ts";

const sgd = { ...defaultConfig.optimizer, kind: "sgd", ...defaultsOf(optimizers.sgd.hyperparameters) } as const;

/** Losses of one program on two devices: float32 with another order of summation. */
const FIRST_STEP = 1e-5;
const FIFTY_STEPS = 1e-3;

const best = (values: readonly (number | undefined)[]) => Math.max(...values.map((value) => value ?? 0));

describe.each(deviceChoices)("on %s", (device) => {
  test("the default spirals reach 97 % validation accuracy", async () => {
    const page = createPage();
    await page.configure(spiralsOn(device), true);
    await page.until(() => best(page.validation().map(({ accuracy }) => accuracy)) >= 0.97 || page.lastStep() > 8000);
    await page.close();
    expect(page.of("failure")).toEqual([]);
    expect(best(page.validation().map(({ accuracy }) => accuracy))).toBeGreaterThanOrEqual(0.97);
  });

  test("a reset run repeats the same losses", async () => {
    const page = createPage();
    await page.configure(spiralsOn(device));
    for (let step = 0; step < 5; step++) await page.send("step");
    const first = page.losses();
    await page.send("reset");
    for (let step = 0; step < 5; step++) await page.send("step");
    expect(first.length).toBe(5);
    expect(page.losses().slice(5)).toEqual(first);
  });

  test("a hundred rounds of play, pause and reset leave the device's live bytes as they were", async () => {
    const page = createPage();
    await page.configure(spiralsOn(device));
    await page.send("play");
    await page.until(() => page.lastStep() > 0);
    await page.send("pause");
    await page.send("reset");
    const before = page.session.liveBytes;
    for (let round = 0; round < 100; round++) {
      await page.send("play");
      await page.send("pause");
      await page.send("reset");
    }
    expect(before).toBeGreaterThan(0);
    expect(page.session.liveBytes).toBe(before);
  });

  test("a new configuration frees the memory of the one before", async () => {
    const page = createPage();
    await page.configure(spiralsOn(device));
    await page.send("step");
    const before = page.session.liveBytes;
    for (let round = 0; round < 3; round++) {
      await page.configure(spiralsOn(device), true);
      await page.send("pause");
      await page.send("reset");
    }
    await page.send("step");
    expect(page.session.liveBytes).toBe(before);
  });

  test("a changed learning rate takes effect at the next step", async () => {
    const page = createPage();
    await page.configure(spiralsOn(device));
    await page.send("step");
    await page.adjust({ optimizer: { ...defaultConfig.optimizer, learningRate: 0.5 } });
    await page.send("step");
    expect(page.of("metrics").flatMap(({ metrics }) => [...metrics.learningRate])).toEqual([0.01, 0.5]);
  });

  test("another schedule and bound take effect at the next step", async () => {
    const page = createPage();
    const { optimizer } = defaultConfig;
    await page.configure(spiralsOn(device));
    await page.send("step");
    const schedule = { kind: "exponential", factor: 0.5, warmupSteps: 0 } as const;
    await page.adjust({ optimizer: { ...optimizer, schedule, clipping: { kind: "norm", maxNorm: 1e-3 } } });
    await page.send("step");
    await page.send("step");
    expect(page.of("metrics").flatMap(({ metrics }) => [...metrics.learningRate])).toEqual([0.01, 0.005, 0.0025]);
    expect(page.of("failure")).toEqual([]);
  });

  test("the test split is counted each time it is used", async () => {
    const page = createPage();
    await page.configure(spiralsOn(device));
    await page.send("test");
    await page.send("test");
    expect(page.of("tested").map(({ times }) => times)).toEqual([1, 2]);
    expect(page.of("tested")[0]?.evaluation.accuracy).toBeGreaterThan(0);
  });

  test("a learning rate that blows the run up names the first tensor that turned non-finite", async () => {
    const page = createPage();
    const config = spiralsOn(device);
    const model = {
      ...config.model,
      layers: config.model.layers.map((layer) => ({ ...layer, activation: "relu" as const })),
    };
    await page.configure({ ...config, model, optimizer: { ...sgd, learningRate: 1e30 } });
    for (let step = 0; step < 10; step++) await page.send("step");
    const found = page
      .of("metrics")
      .map(({ metrics }) => metrics.nonFinite)
      .find((nonFinite) => nonFinite !== undefined);
    expect(found?.tensor).toMatch(/^layers\.\d\.output$/);
  });
});

test("both devices give the same losses", async () => {
  const losses = await Promise.all(
    deviceChoices.map(async (device) => {
      const page = createPage();
      await page.configure(spiralsOn(device));
      for (let step = 0; step < 50; step++) await page.send("step");
      return page.losses();
    }),
  );
  const [cpu = [], webgpu = []] = losses;
  expect(cpu.length).toBe(50);
  const differences = cpu.map((loss, step) => Math.abs(loss - (webgpu[step] ?? Number.NaN)) / loss);
  expect(differences[0]).toBeLessThan(FIRST_STEP);
  expect(Math.max(...differences)).toBeLessThan(FIFTY_STEPS);
});

test("asking for a GPU where there is none says so, and trains on the CPU", async () => {
  const page = createPage({ gpu: undefined });
  await page.configure(spiralsOn("webgpu"));
  await page.send("step");
  expect(page.of("failure").map(({ subject, message }) => [subject, message])).toEqual([
    ["device", expect.stringContaining("expected one. Choose CPU")],
  ]);
  expect(page.of("ready")[0]?.summary.device.kind).toBe("cpu");
  expect(page.losses().length).toBe(1);
});

test("auto never takes a GPU that is simulated in software, and says why", async () => {
  const page = createPage();
  await page.configure(spiralsOn("auto"));
  const { device } = page.of("ready")[0]!.summary;
  expect(device.kind).toBe("cpu");
  expect(device.reason).toMatch(/software/);
});

test("a file that is not open yet is named, and the session goes on", async () => {
  const page = createPage();
  const config = spiralsOn("cpu");
  const split = { seed: 1, train: 0.7, validation: 0.15, kept: 1, labelNoise: 0, inputNoise: 0 };
  await page.configure({
    ...config,
    data: { kind: "file", path: "flowers.csv", target: "kind", types: {}, missing: "impute", ...split },
  });
  expect(page.of("failure")[0]?.message).toContain("flowers.csv");
  await page.configure(config);
  await page.send("step");
  expect(page.losses().length).toBe(1);
});
