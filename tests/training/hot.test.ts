import { afterEach, describe, expect, test } from "vitest";
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

/** What twenty steps make of the loss, at most. */
const WELL_BELOW = 0.9;

const moons = (differences: { readonly [part: string]: object } = {}) =>
  configOf({
    data: { kind: "moons", size: 200, ...differences.data },
    model: { layers: [{ width: 8, activation: "tanh" }], ...differences.model },
    optimizer: { kind: "sgd", learningRate: 0.1, ...differences.optimizer },
    loss: { kind: "cross-entropy", ...differences.loss },
    compute: { batchSize: 16, device: "cpu", ...differences.compute },
  });

/** What a program is not compiled for from the start. */
const changes = [
  ["dropout switched on", { model: { dropout: 0.2 } }],
  ["input noise switched on", { data: { inputNoise: 0.3 } }],
  ["a penalty switched on", { loss: { l2: 0.1 } }],
  ["momentum switched on", { optimizer: { momentum: 0.9 } }],
  ["noise on the labels", { data: { labelNoise: 0.3 } }],
  ["more examples", { data: { size: 300 } }],
  ["noisier examples", { data: { noise: 0.4 } }],
] as const;

describe.each(deviceChoices)("on %s", (device) => {
  const on = (differences: { readonly [part: string]: object } = {}) => moons({ ...differences, compute: { device } });

  test.each(changes)("%s: the run goes on with the weights that it has, and its step", async (_, differences) => {
    const page = newPage();
    await page.configure(on());
    for (let step = 0; step < 20; step++) await page.send("step");
    await page.change(on(differences));
    await page.send("step");
    expect(page.of("failure")).toEqual([]);
    expect(page.of("ready").length).toBe(1);
    expect(page.lastStep()).toBe(21);

    const fresh = newPage();
    await fresh.configure(on(differences));
    await fresh.send("step");
    // With initial weights the loss is that of guessing
    expect(page.validation().at(-1)?.loss).toBeLessThan(WELL_BELOW * (fresh.validation().at(-1)?.loss ?? 0));
  });

  test("what is switched on and off again leaves the run as if nothing had been", async () => {
    const [page, plain] = [newPage(), newPage()];
    for (const each of [page, plain]) {
      await each.configure(on({ optimizer: { kind: "adamw" } }));
      for (let step = 0; step < 5; step++) await each.send("step");
    }
    await page.change(on({ optimizer: { kind: "adamw" }, model: { dropout: 0.5 } }));
    await page.change(on({ optimizer: { kind: "adamw" } }));
    for (const each of [page, plain]) for (let step = 0; step < 5; step++) await each.send("step");
    expect(page.losses()).toEqual(plain.losses());
  });
});

test("a run that is playing goes on playing through a change of its program, and the page hears of no pause", async () => {
  const page = newPage();
  await page.configure(moons(), true);
  await page.until(() => page.lastStep() > 50);
  await page.change(moons({ model: { dropout: 0.3 } }));
  const changed = page.lastStep();
  await page.until(() => page.lastStep() > changed + 50);
  expect(page.of("state").every(({ playing }) => playing)).toBe(true);
  const steps = page.of("metrics").flatMap(({ metrics }) => [...metrics.step]);
  expect(steps).toEqual(steps.map((_, index) => index + 1));
});

test("data with other inputs starts the run anew", async () => {
  const page = newPage();
  await page.configure(moons());
  await page.send("step");
  const config = configOf({ data: { kind: "digits", size: 200 }, compute: { device: "cpu" } });
  await page.change(config);
  expect(page.of("ready").length).toBe(2);
  expect(page.of("state").at(-1)?.step).toBe(0);
});
