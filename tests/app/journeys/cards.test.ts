import { expect } from "vitest";
import type { Playground } from "../browser.ts";
import { createEverywhere, type Journey } from "../everywhere.ts";
import { openCard, results } from "./sights.ts";

const everywhere = createEverywhere();

/** Opens the settings behind a line of a card, and puts them in view. */
async function openMore({ page }: Playground, label: string): Promise<void> {
  await page.waitForFunction(
    (name) => {
      const lines = [...document.querySelectorAll<HTMLElement>("details.more > summary")];
      const line = lines.find((each) => each.querySelector(".lab")?.textContent === name);
      line?.closest("details")?.setAttribute("open", "");
      line?.scrollIntoView({ block: "start" });
      return line !== undefined;
    },
    {},
    label,
  );
}

/** What a card, or a line of settings, says of itself in short. */
const inShort = ({ page }: Playground, label: string): Promise<string> =>
  page.$$eval(
    "details > summary",
    (lines, name) => {
      const line = lines.find((each) => each.querySelector("h2, .lab")?.textContent === name);
      return line?.querySelector(".sum, .end")?.textContent ?? "";
    },
    label,
  );

/** The small print of the cards. */
const notes = ({ page }: Playground): Promise<readonly string[]> =>
  page.$$eval("details.card .note", (all) => all.map(({ textContent }) => textContent ?? ""));

const untilNoted = (playground: Playground, words: RegExp): Promise<readonly string[]> =>
  playground.until(
    () => notes(playground),
    (all) => all.some((text) => words.test(text)),
  );

/** The number in a field. */
const value = ({ page }: Playground, name: string): Promise<number> =>
  page.$eval(`aria/${name}[role="spinbutton"]`, (input) => (input as HTMLInputElement).valueAsNumber);

const check = ({ page }: Playground, name: string): Promise<void> =>
  page.$eval(`aria/${name}[role="checkbox"]`, (box) => (box as HTMLInputElement).click());

/** Plays a run that has a limit from its first step to its last. */
async function train(playground: Playground, steps: number): Promise<void> {
  await playground.until(
    () => playground.number("Step"),
    (step) => step === 0,
  );
  if ((await playground.page.$('aria/Pause[role="button"]')) === null) await playground.button("Play").click();
  await playground.untilEnded(steps);
}

const small = "#v=1&device=cpu&data=moons&data.size=100&model.layers=8tanh&stopping.steps=40";

everywhere("someone sets what a network learns from, what it is, and what it makes small", small, async (journey) => {
  const { playground, arrive } = journey;
  await playground.untilEnded(40);
  await playground.type("Examples", "200");
  await openMore(playground, "Split and seed");
  await playground.type("Training split", "0.5");
  await playground.type("Validation split", "0.25");
  expect(await inShort(playground, "Split and seed")).toMatch(/^50 \/ 25 \/ 25, seed \d+$/);
  await openMore(playground, "Added noise");
  await playground.type("Label noise", "0.3");
  expect(await inShort(playground, "Added noise")).toMatch(/^labels 30/);
  await playground.page.waitForFunction(() => /50 examples kept aside/.test(document.body.innerText));
  await arrive("cards-data");

  await openCard(playground, "Model");
  await playground.button("Add layer").click();
  await playground.button("More units in layer 2").click();
  await playground.select("Activation of layer 2", "ReLU");
  // 2 × 8 + 8, 8 × 9 + 9, 9 × 2 + 2
  await untilNoted(playground, /^2 – 8 – 9 – 2, 125 parameters$/);
  await playground.type("Dropout", "0.1");
  await openMore(playground, "Initial weights");
  await playground.select("Initializer", "He normal");
  expect(await inShort(playground, "Initial weights")).toMatch(/^He normal, seed/);
  await arrive("cards-model");
  await playground.button("Remove layer 1").click();
  await untilNoted(playground, /^2 – 9 – 2, 47 parameters$/);

  await openCard(playground, "Loss");
  await playground.type("Label smoothing", "0.1");
  await openMore(playground, "Penalties");
  await playground.type("L1 penalty", "0.001");
  await playground.type("L2 penalty", "0.01");
  expect(await inShort(playground, "Penalties")).toBe("L1 1e−3, L2 0.01");
  await arrive("cards-loss");
  await train(playground, 40);
  expect((await results(playground, "Loss")).train).toBeGreaterThan(0);
});

/** The learning rate's picture in words. */
const schedule = ({ page }: Playground): Promise<string> =>
  page.$eval(".schedule svg", (picture) => picture.getAttribute("aria-label") ?? "");

everywhere("someone sets how a network learns, and reads the schedule before it runs", small, async (journey) => {
  const { playground, arrive } = journey;
  await playground.untilEnded(40);
  await openCard(playground, "Optimizer");
  await playground.page.waitForSelector('aria/Beta 1[role="spinbutton"]');
  await playground.select("Optimizer", "SGD");
  await playground.page.waitForSelector('aria/Momentum[role="spinbutton"]');
  expect(await playground.page.$('aria/Beta 1[role="spinbutton"]')).toBeNull();
  await playground.type("Learning rate", "0.1");
  await playground.type("Weight decay", "0.001");
  await playground.choose("Scale with batch", "linear");
  // The batch of 32 is the reference
  await untilNoted(playground, /^0\.1 becomes 0\.1 for a batch of 32\.$/);

  await openMore(playground, "Schedule");
  await playground.select("Shape", "Cosine");
  await playground.type("Total steps", "40");
  expect(await schedule(playground)).toMatch(
    /^Learning rate over the steps: 0\.1 at step 1 and .+ at step 40, at most 0\.1\.$/,
  );
  await playground.type("Warm-up steps", "10");
  expect(await schedule(playground)).toMatch(/: 0\.01 at step 1 /);
  await openMore(playground, "Clipping");
  await playground.select("Clip by", "Global norm");
  await playground.type("Largest norm", "0.5");
  expect(await inShort(playground, "Clipping")).toBe("Global norm 0.5");
  await openMore(playground, "Schedule");
  await playground.button("Reset").click();
  await train(playground, 40);
  // What the curve says of the step is what the step was taken with
  const now = await playground.page.$eval(".schedule figcaption span:nth-child(2)", ({ textContent }) => textContent);
  const used = await playground.page.$eval(".move:nth-child(4) b", ({ textContent }) => textContent);
  expect(now).toBe(`step 40: ${used}`);
  await arrive("cards-optimizer");
});

everywhere("someone sets how a run is computed and when it ends", small, async (journey) => {
  const { playground, arrive } = journey;
  await playground.untilEnded(40);
  await openCard(playground, "Compute");
  await playground.type("Batch size", "10");
  await playground.type("Micro-batches", "2");
  await playground.choose("Order", "as given");
  await check(playground, "Deterministic");
  await check(playground, "Checkpointing");
  await untilNoted(playground, /^A step's activations take .+, for .+\./);
  await playground.choose("Precision", "f16");
  expect(await value(playground, "First loss scale").catch(() => Number.NaN)).toBeGreaterThan(1);
  await openMore(playground, "Stop after");
  await playground.type("Steps", "0");
  await playground.type("Epochs", "3");
  expect(await inShort(playground, "Stop after")).toBe("3 epochs");
  await arrive("cards-compute");
  await playground.button("Reset").click();
  // 70 training examples are 7 batches, two of them a step: 21 batches are 11 steps
  await train(playground, 11);
  await playground.page.waitForFunction(() => /Stopped after 3 epochs/.test(document.body.innerText));
  await untilNoted(playground, /^Loss scale [\d,]+, \d+ of 11 steps skipped\.$/);
});

/** The names of what the legend explains. */
const legend = ({ page }: Playground): Promise<readonly string[]> =>
  page.$$eval(".legend .key", (keys) => keys.map(({ textContent }) => textContent?.trim() ?? ""));

async function seesSine({ playground, arrive }: Journey): Promise<void> {
  await openCard(playground, "Data");
  await playground.button("Sine data").click();
  await playground.page.waitForSelector('aria/Fitted curve[role="figure"]');
  await untilNoted(playground, /numbers as targets, so losses for classes do not fit/);
  await train(playground, 40);
  expect(await legend(playground)).toEqual(["Model", "Training", "Validation"]);
  const rows = await playground.page.$$eval(".results th[scope=row]", (all) =>
    all.map(({ textContent }) => textContent),
  );
  expect(rows).toEqual(["Loss", "Examples"]);
  await playground.page.evaluate(() => scrollTo(0, 0));
  await arrive("cards-curve");
}

everywhere(
  "each kind of task is seen in its own picture",
  "#v=1&device=cpu&data=digits&data.size=300&model.layers=16relu&stopping.steps=40",
  async (journey) => {
    const { playground, arrive } = journey;
    const { page } = playground;
    await playground.untilEnded(40);
    await page.waitForSelector('aria/Predictions on images[role="figure"]');
    await playground.choose("Shown predictions", "Confusion matrix");
    const counted = await page.$$eval(".cm td b", (cells) => cells.map(({ textContent }) => Number(textContent)));
    expect(counted).toHaveLength(100);
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(45);
    await arrive("cards-digits");
    await seesSine(journey);
    await playground.button("Gaussians data").click();
    await page.waitForSelector('aria/Decision boundary[role="figure"]');
    await train(playground, 40);
    expect((await results(playground, "Accuracy")).validation).toBeGreaterThan(50);
    expect(await legend(playground)).toEqual(["A", "B", "C", "Training", "Validation"]);
    await page.evaluate(() => scrollTo(0, 0));
    await arrive("cards-map");
  },
);
