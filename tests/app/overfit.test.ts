import { expect, test } from "vitest";
import type { Playground } from "./browser.ts";
import { createStage } from "./stage.ts";

const stage = createStage();
/** Forty noisy points and a network that can learn them by heart. */
const points =
  "#v=1&data=moons&data.size=80&data.noise=0.6&data.train=0.5&data.validation=0.5&model.layers=64relu-64relu" +
  "&optimizer.learningRate=0.001&optimizer.weightDecay=0";
const digits = "#v=1&data=digits&data.size=300&data.labelNoise=0.2";

async function openBench(hash: string, size?: { width: number; height: number }): Promise<Playground> {
  const playground = await stage.open(hash, size);
  await playground.choose("Task view", "Overfitting");
  // The view is loaded when it is asked for
  await playground.page.waitForSelector('[aria-label="Generalization gap"]');
  return playground;
}

const step = (playground: Playground) => playground.number("Step");
const trainedTo = (playground: Playground, least: number) =>
  playground.until(
    () => step(playground),
    (now) => now >= least,
  );
/** A row of the table of the gap. */
const gap = (playground: Playground, row: string): Promise<string> =>
  playground.page.$eval(
    '[aria-label="Generalization gap"]',
    (section, name) =>
      [...section.querySelectorAll("tr")]
        .find((each) => each.querySelector("th")?.textContent === name)
        ?.querySelector("td")?.textContent ?? "",
    row,
  );

/** A number as the page writes it, and one unit of its last digit. */
function shownNumber(text: string): { readonly value: number; readonly unit: number } {
  const [digits = "", exponent = "0"] = text.replaceAll("−", "-").split("e");
  const decimals = digits.split(".")[1]?.length ?? 0;
  return { value: Number(`${digits}e${exponent}`), unit: 10 ** (Number(exponent) - decimals) };
}

test("the gap is said in numbers that fit each other, and since when it grows", async () => {
  const playground = await openBench(points);
  await playground.until(
    () => gap(playground, "Gap grows"),
    (text) => /^since step [\d,]+$/.test(text),
  );
  await playground.pause();
  const rows = ["Training loss", "Validation loss", "Gap"];
  // The last look at a run comes a moment after its pause
  await playground.until(
    async () => (await Promise.all(rows.map((row) => gap(playground, row)))).map(shownNumber),
    ([train, validation, difference]) => {
      const rounding = (train.unit + validation.unit + difference.unit) / 2;
      return difference.value > 0 && Math.abs(difference.value - (validation.value - train.value)) <= 1.01 * rounding;
    },
  );
  expect(playground.problems).toEqual([]);
});

test("labels are shuffled, the training set shrinks and dropout comes while the run goes on", async () => {
  const playground = await openBench(points);
  const { page } = playground;
  const before = await trainedTo(playground, 100);
  await playground.button("Shuffle the labels").click();
  await page.waitForFunction(() => /Label noise: 20 of 40/.test(document.body.innerText));
  expect(await trainedTo(playground, before + 1)).toBeGreaterThan(before);
  await playground.choose("Training examples shown", "Memorised");
  await page.waitForFunction(() => /\d+ of 20 wrong labels are learned by heart/.test(document.body.innerText));
  await playground.type("Training set kept", "0.5");
  await page.waitForFunction(() => /Trained on 20 of 40 training examples/.test(document.body.innerText));
  await playground.page.evaluate(() => {
    const cure = document.querySelector('[aria-label="Cure it"]');
    const fields = [...(cure?.querySelectorAll<HTMLInputElement>('input[type="number"]') ?? [])];
    const dropout = fields.at(-1);
    if (dropout === undefined) throw new Error("dropout: got no field");
    dropout.value = "0.5";
    dropout.dispatchEvent(new Event("change", { bubbles: true }));
  });
  await page.waitForFunction(() => location.hash.includes("model.dropout=0.5"));
  const later = await step(playground);
  expect(later).toBeGreaterThan(before);
  await trainedTo(playground, later + 1);
  expect(await playground.alerts()).toEqual([]);
  expect(playground.problems).toEqual([]);
});

test("a click goes back to the step of the best validation loss", async () => {
  // So slow that the validation loss falls before it rises, also where the first look comes after hundreds of steps.
  const playground = await openBench(points.replace("learningRate=0.001", "learningRate=0.0001"));
  await playground.until(
    () => gap(playground, "Gap grows"),
    (text) => /^since step/.test(text),
  );
  await playground.pause();
  const best = Number(((await gap(playground, "Best validation")).split("step ")[1] ?? "").replaceAll(",", ""));
  expect(best).toBeGreaterThan(0);
  const label = await playground.page.$$eval("button", (buttons) =>
    buttons.map(({ textContent }) => textContent ?? "").find((text) => text.startsWith("Rewind to the best")),
  );
  await playground.button(label ?? "").click();
  await playground.until(
    () => step(playground),
    (now) => now === best,
  );
});

test("wrong labels of digits that are learned by heart are shown as images, with label and truth", async () => {
  const playground = await openBench(digits);
  await playground.choose("Training examples shown", "Memorised");
  const list = await playground.page.waitForSelector('aria/Memorised training examples[role="list"]');
  const shown = await playground.until(
    async () => (await list?.$$eval("li", (items) => items.map(({ textContent }) => textContent ?? ""))) ?? [],
    (items) => items.length > 10,
  );
  const told = shown.map((text) => text.match(/label (\d), truth (\d), model says (\d)/) ?? []);
  expect(told.filter(([, given, truth, predicted]) => given !== predicted || given === truth)).toEqual([]);
});

const themes = ["light", "dark"] as const;
const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
  { width: 360, height: 740 },
];
const looks = themes.flatMap((theme) =>
  sizes.flatMap((size) =>
    [points, digits].map((hash) => ({ theme, ...size, hash, data: /data=(\w+)/.exec(hash)?.[1] })),
  ),
);

test.each(looks)(
  "the bench of $data in $theme at $width px has no barrier and does not scroll sideways",
  async (look) => {
    const { theme, width, height, hash, data } = look;
    const playground = await openBench(hash, { width, height });
    const { page } = playground;
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
    await trainedTo(playground, 50);
    await page.waitForSelector(".examined header");
    await playground.pause();
    await playground.screenshot(`overfit-${data}-${theme}-${width}`);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBeLessThanOrEqual(0);
    expect(await playground.barriers()).toEqual([]);
  },
);
