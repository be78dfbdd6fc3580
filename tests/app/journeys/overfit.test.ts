import { expect } from "vitest";
import type { Playground } from "../browser.ts";
import { createEverywhere } from "../everywhere.ts";
import { toggleFullSpeed, untilStep } from "./sights.ts";

const everywhere = createEverywhere();

/** Forty noisy points, and a network that can learn them by heart. */
const points =
  "#v=1&device=cpu&data=moons&data.size=80&data.noise=0.6&data.train=0.5&data.validation=0.5" +
  "&model.layers=64relu-64relu&optimizer.learningRate=0.001&optimizer.weightDecay=0";
const digits = "#v=1&device=cpu&data=digits&data.size=300&data.labelNoise=0.2&model.layers=64relu";

async function openBench(playground: Playground): Promise<void> {
  await playground.choose("Task view", "Overfitting");
  await playground.page.waitForSelector('aria/Generalization gap[role="region"]');
}

/** A cell of the table of the gap. */
const told = ({ page }: Playground, row: string): Promise<string> =>
  page.$eval(
    'section[aria-label="Generalization gap"]',
    (section, name) =>
      [...section.querySelectorAll("tr")]
        .find((each) => each.querySelector("th")?.textContent === name)
        ?.querySelector("td")?.textContent ?? "",
    row,
  );

const gap = async (playground: Playground) => Number((await told(playground, "Gap")).replaceAll("−", "-"));

/** Types into a field of the bench; the ingredients have some of the same name. */
async function turn({ page }: Playground, section: string, name: string, value: string): Promise<void> {
  const place = await page.waitForSelector(`aria/${section}[role="region"]`);
  const field = await place?.waitForSelector(`aria/${name}[role="spinbutton"]`);
  await field?.evaluate((element) => {
    (element as HTMLInputElement).scrollIntoView({ block: "center" });
    (element as HTMLInputElement).select();
  });
  await field?.type(value);
  await field?.press("Enter");
}

const note = ({ page }: Playground) => page.$eval(".examined header", ({ textContent }) => textContent ?? "");

everywhere("points are learnt by heart, spoilt, cured, and left for the best of before", points, async (journey) => {
  const { playground, arrive } = journey;
  const { page } = playground;
  await openBench(playground);
  await playground.until(
    () => told(playground, "Gap grows"),
    (text) => /^since step [\d,]+$/.test(text),
  );
  await playground.until(
    () => gap(playground),
    (wide) => wide > 1,
  );
  await page.waitForSelector('aria/Hardest training examples[role="figure"]');
  await playground.pause();
  const wide = await gap(playground);
  await arrive("bench-gap");

  const best = Number((/step ([\d,]+)/.exec(await told(playground, "Best validation"))?.[1] ?? "").replaceAll(",", ""));
  expect(best).toBeGreaterThan(0);
  await playground.button(`Rewind to the best, step ${best.toLocaleString("en")}`).click();
  await playground.until(
    () => playground.number("Step"),
    (step) => step === best,
  );
  await playground.until(
    () => gap(playground),
    (now) => now < wide / 2,
  );

  await playground.button("Play").click();
  await playground.until(
    () => gap(playground),
    (now) => now > 1,
  );
  await turn(playground, "Cure it", "Weight decay", "3");
  await playground.until(
    () => gap(playground),
    (now) => now < 0.4,
  );
  // In ten thousands of steps these points are learnt by heart even so
  await toggleFullSpeed(playground, "200");
  await turn(playground, "Cure it", "Weight decay", "0");
  await turn(playground, "Cure it", "Dropout", "0.7");
  await untilStep(playground, (await playground.number("Step")) + 200);
  expect(await gap(playground)).toBeLessThan(wide / 2);
  await turn(playground, "Cure it", "Dropout", "0");
  await toggleFullSpeed(playground);

  await turn(playground, "Make it overfit", "Training set kept", "0.5");
  await page.waitForSelector("::-p-text(Trained on 20 of 40 training examples)");
  await turn(playground, "Make it overfit", "Label noise", "0.3");
  await playground.choose("Training examples shown", "Memorised");
  await playground.until(
    () => note(playground),
    (text) => /\d of [1-9]\d* wrong labels are learned by heart/.test(text),
  );
  await playground.button("Shuffle the labels").click();
  await playground.until(
    () => note(playground),
    // A network that has no choice learns all of them in the end
    (text) => /([1-9]\d*) of \1 wrong labels are learned by heart/.test(text),
  );
  expect(await page.$$eval('figure[aria-label="Memorised training examples"]', (all) => all.length)).toBe(1);
  await playground.pause();
  await arrive("bench-memorised");
  expect(await playground.alerts()).toEqual([]);
});

everywhere("wrong labels of digits that are learnt by heart are shown as images", digits, async (journey) => {
  const { playground, arrive } = journey;
  await openBench(playground);
  await playground.choose("Training examples shown", "Memorised");
  const shown = await playground.until(
    () =>
      playground.page.$$eval('ol[aria-label="Memorised training examples"] li', (items) =>
        items.map(({ textContent }) => textContent ?? ""),
      ),
    (items) => items.length > 10,
  );
  for (const text of shown) {
    const [, given, truth, predicted] = /label (\d), truth (\d), model says (\d)/.exec(text) ?? [];
    expect(given).toBe(predicted);
    expect(given).not.toBe(truth);
  }
  await playground.pause();
  await arrive("bench-digits");
});
