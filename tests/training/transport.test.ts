import { afterEach, describe, expect, test } from "vitest";
import { defaultConfig } from "../../src/session/config.ts";
import { createPage, deviceChoices, spiralsOn } from "./page.ts";
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
const reports = (page: Page) => page.of("moved").map(({ report }) => report);
const numberOf = (page: Page, name: string) =>
  reports(page).flatMap(({ numbers }) => numbers.filter((number) => number.name === name))[0]?.value ?? Number.NaN;
/** Of sums in another order. */
const ROUNDING = 1e-5;
const isNear = (a: number, b: number) => Math.abs(a / b - 1) < ROUNDING;
/** 490 examples in batches of 32. */
const STEPS_PER_EPOCH = 16;
const spirals = (device: (typeof deviceChoices)[number]) =>
  configOf({ data: { kind: "spirals", size: 700 }, compute: { device } });
/** The loss of every step that is still part of the run. */
function course(page: Page): Map<number, number> {
  const rows = new Map<number, number>();
  for (const event of page.events) {
    if (event.type === "cut") for (const step of rows.keys()) if (step > event.step) rows.delete(step);
    if (event.type !== "metrics") continue;
    event.metrics.step.forEach((step, row) => void rows.set(step, event.metrics.loss[row] ?? Number.NaN));
  }
  return rows;
}

describe.each(deviceChoices)("on %s", (device) => {
  test("a step by its four moves is the step, with the numbers of each move", async () => {
    const whole = newPage();
    await whole.configure(spirals(device));
    for (let step = 0; step < 3; step++) await whole.send("step");
    const page = newPage();
    await page.configure(spirals(device));
    await page.send("step");
    for (let move = 0; move < 4; move++) await page.send("move");
    await page.send("step");
    expect(page.losses()).toEqual(whole.losses());
    expect(reports(page).map(({ move, step }) => [move, step])).toEqual([
      ["forward", 2],
      ["loss", 2],
      ["backward", 2],
      ["update", 2],
    ]);
    const rows = page.of("metrics").flatMap(({ metrics }) => [...metrics.gradNorm]);
    expect(isNear(numberOf(page, "mean loss"), page.losses()[1] ?? 0)).toBe(true);
    expect(isNear(numberOf(page, "gradient norm"), rows[1] ?? 0)).toBe(true);
    expect(numberOf(page, "size of the update")).toBeGreaterThan(0);
    expect(reports(page).map(({ layers }) => layers.map(({ units }) => units.length))).toEqual([
      [16, 16, 3],
      [],
      [16, 16, 3],
      [16, 16, 3],
    ]);
    for (const { move, layers } of reports(page)) {
      for (const { value, units } of layers) {
        const squares = units.reduce((sum, unit) => sum + unit ** 2, 0);
        // Of outputs, the number is a root of a mean over the units
        expect(isNear(value, Math.sqrt(move === "forward" ? squares / units.length : squares))).toBe(true);
      }
    }
  });

  test("an epoch ends where every example was seen as often as the others", async () => {
    const page = newPage();
    await page.configure(spirals(device));
    await page.send("step");
    for (const end of [1, 2]) {
      await page.send("epoch");
      await page.until(() => stateOf(page)?.playing === false && stateOf(page)?.step === end * STEPS_PER_EPOCH);
    }
    expect(stateOf(page)).not.toHaveProperty("stopped");
  });

  test("a rewound run repeats the losses that it had, changes by hand and another program among them", async () => {
    const page = newPage();
    const config = spirals(device);
    await page.configure(config);
    await page.send("epoch");
    await page.until(() => stateOf(page)?.playing === false && stateOf(page)?.step === STEPS_PER_EPOCH);
    await page.adjust({ optimizer: { ...config.optimizer, learningRate: 0.03 } });
    for (let step = 0; step < 4; step++) await page.send("step");
    await page.adjust({ model: { dropout: 0.25 } });
    for (let step = 0; step < 6; step++) await page.send("step");
    const before = course(page);
    expect(page.of("progress").map(({ message }) => message)).not.toContain("Going back to step 22.");
    await page.rewind(22);
    expect(stateOf(page)?.step).toBe(22);
    const way = page.of("progress").filter(({ message }) => message === "Going back to step 22.");
    expect(way.length).toBeGreaterThan(0);
    for (const { fraction = 0 } of way) expect(fraction > 0 && fraction <= 1).toBe(true);
    for (let step = 0; step < 4; step++) await page.send("step");
    expect(course(page)).toEqual(before);
    await page.rewind(3, config);
    expect(stateOf(page)?.step).toBe(3);
    await page.send("step");
    expect(course(page).get(4)).toBe(before.get(4));
    expect(course(page).size).toBe(4);
    expect(page.of("failure")).toEqual([]);
  });

  test("a branch starts at step 0 from the weights of the run that it leaves", async () => {
    const page = newPage();
    const config = spirals(device);
    await page.configure(config);
    for (let step = 0; step < 8; step++) await page.send("step");
    const left = page.validation().at(-1)?.loss;
    const larger = { ...config, compute: { ...config.compute, batchSize: 64 } };
    await page.configure(larger);
    const fresh = page.validation().at(-1)?.loss;
    await page.configure(larger, false, true);
    await page.send("reset");
    expect(page.validation().at(-1)?.loss).toBe(left);
    expect(fresh).not.toBe(left);
    expect(stateOf(page)?.step).toBe(0);
    expect(page.of("notice").at(-1)?.message).toContain("weights of step 8, of which 6 of 6 tensors fit");
  });
});

test("a slow run takes its steps move by move, at its speed, and full speed comes back at once", async () => {
  const page = newPage();
  await page.wish({ type: "speed", stepsPerSecond: 5 });
  const started = performance.now();
  await page.configure(spiralsOn("cpu"), true);
  await page.until(() => page.lastStep() === 3);
  // Three steps of four moves, the first of which comes at once
  expect(performance.now() - started).toBeGreaterThan((1000 * 11) / (5 * 4));
  expect(
    reports(page)
      .map(({ move }) => move)
      .slice(0, 5),
  ).toEqual(["forward", "loss", "backward", "update", "forward"]);
  await page.wish({ type: "speed", stepsPerSecond: Number.POSITIVE_INFINITY });
  const full = performance.now();
  await page.until(() => page.lastStep() > 200);
  // At 5 steps per second it would have taken 40 s
  expect(performance.now() - full).toBeLessThan(20_000);
});

test("measurements come while somebody asks, with update ratios, and change nothing of the training", async () => {
  const [plain, page] = [newPage(), newPage()];
  await page.wish({ type: "measure", on: true });
  await page.configure(spiralsOn("cpu"), true);
  const ratios = () =>
    page.of("measured").flatMap(({ measured }) => measured.tensors.map(({ updateRatio = 0 }) => updateRatio));
  await page.until(() => ratios().some((ratio) => ratio > 0));
  await page.send("pause");
  const steps = page.lastStep();
  await plain.configure({ ...spiralsOn("cpu"), stopping: { ...defaultConfig.stopping, steps } }, true);
  await plain.until(() => stateOf(plain)?.stopped !== undefined);
  expect(page.losses()).toEqual(plain.losses());
  expect(plain.of("measured")).toEqual([]);
  expect(page.of("measured")[0]?.measured.liveBytes).toBeGreaterThan(0);
});

test("the default run has as many steps per epoch as this file takes it to have", async () => {
  const page = newPage();
  await page.configure(configOf({ data: { kind: "spirals", size: 700 } }));
  expect(page.of("ready")[0]?.summary.stepsPerEpoch).toBe(STEPS_PER_EPOCH);
  expect(defaultConfig.compute.batchSize).toBe(32);
});
