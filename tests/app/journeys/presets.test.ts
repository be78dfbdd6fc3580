import { expect } from "vitest";
import { presetOf } from "../../../src/session/presets/index.ts";
import type { Playground } from "../browser.ts";
import { createEverywhere } from "../everywhere.ts";
import { openCard, results, untilSaid } from "./sights.ts";

const everywhere = createEverywhere();

const choosePreset = (playground: Playground, name: string) => playground.select("Preset", presetOf(name).label);

/** From what the preset on screen says about itself to another one. */
async function goOn(playground: Playground, next: string): Promise<void> {
  await playground.button("About this preset").click();
  await playground.button(presetOf(next).label).click();
  const { label } = presetOf(next);
  await playground.until(
    () => playground.page.$eval('select[aria-label="Preset"]', (menu) => menu.selectedOptions[0]?.text.trim() ?? ""),
    (now) => now === label,
  );
}

const gapOf = async (playground: Playground) => {
  const { train, validation } = await results(playground, "Loss");
  return validation - train;
};

/** One at each width: each takes its time to work. */
const cures = new Map([
  [1440, "Weight decay 3"],
  [820, "320 examples"],
  [390, "Dropout 0.5"],
]);

everywhere(
  "a network overfits while one watches, and three cures are a click away",
  "#v=1&device=cpu",
  async (journey) => {
    const { playground, arrive, look } = journey;
    const { page } = playground;
    const { purpose, try: sentence, result, next = [] } = presetOf("overfit");
    await choosePreset(playground, "overfit");
    await playground.button("About this preset").click();
    for (const text of [purpose, sentence, result.text, ...next.map((name) => presetOf(name).label)]) {
      await page.waitForSelector(`::-p-text(${text})`);
    }
    await arrive("preset-about");
    await page.keyboard.press("Escape");

    await playground.until(
      () => results(playground, "Loss"),
      ({ train, validation }) => train < 0.2 && validation > 1.2,
    );
    const cure = cures.get(look.width) ?? "";
    expect(await untilSaid(playground, new RegExp(`^Overfitting.*${cure}`))).toMatch(/Validation loss (rose|is|stays)/);
    await arrive("preset-overfit");
    const wide = await gapOf(playground);
    await playground.button(cure).click();
    await playground.until(
      () => gapOf(playground),
      (gap) => gap < wide / 2,
    );
    await arrive("preset-cured");
  },
);

everywhere("early stopping ends a run, and its best weights return", "#v=1&device=cpu", async (journey) => {
  const { playground, arrive } = journey;
  await choosePreset(playground, "overfit");
  await goOn(playground, "overfitEarlyStopping");
  const ended =
    /Stopped after epoch (\d+): no better validation loss for (\d+) epochs; weights of epoch (\d+) restored\./;
  const [, end, waited, best] = ended.exec(await untilSaid(playground, ended)) ?? [];
  expect(Number(waited)).toBe(25);
  expect(Number(end)).toBe(Number(best) + 25);
  await playground.button("Play").waitHandle();
  expect((await results(playground, "Loss")).validation).toBeLessThan(0.65);
  await arrive("preset-early-stopping");

  await openCard(playground, "Compute");
  await playground.press("details.more summary ::-p-text(Stop after)");
  await playground.type("Patience", "100");
  await playground.button("Play").click();
  const [, later, longer] = ended.exec(await untilSaid(playground, /for 100 epochs/)) ?? [];
  expect(Number(longer)).toBe(100);
  expect(Number(later)).toBeGreaterThan(Number(end));
});
