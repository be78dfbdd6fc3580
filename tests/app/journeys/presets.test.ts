import { expect } from "vitest";
import { presetOf } from "../../../src/session/presets/index.ts";
import type { Playground } from "../browser.ts";
import { createEverywhere } from "../everywhere.ts";
import { openCard, results, said, toggleFullSpeed, untilSaid, untilStep } from "./sights.ts";

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

/** The loss of the whole training split. */
const trainLoss = async (playground: Playground) => (await results(playground, "Loss")).train;
const untilTrainLoss = (playground: Playground, holds: (loss: number) => boolean) =>
  playground.until(() => trainLoss(playground), holds);

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

everywhere(
  "the learning rate is too low, right, too high, and beyond all bounds",
  "#v=1&device=cpu",
  async (journey) => {
    const { playground, arrive } = journey;
    // At full speed and left alone for five seconds even the lowest rate learns so much that no other gets to a fifth of it
    await toggleFullSpeed(playground, "200");
    await playground.pause();
    await playground.button("Reset").click();
    await playground.until(
      () => playground.number("Step"),
      (step) => step === 0,
    );
    await choosePreset(playground, "learningRateTooLow");
    await openCard(playground, "Optimizer");
    await playground.button("Play").click();
    await untilStep(playground, 1000);
    const slow = await trainLoss(playground);
    for (const rate of ["0.0003", "0.003", "0.03"]) await playground.type("Learning rate", rate);
    await untilTrainLoss(playground, (loss) => loss < slow / 5);
    await toggleFullSpeed(playground);

    await choosePreset(playground, "learningRateTooLow");
    await goOn(playground, "learningRateRight");
    await untilTrainLoss(playground, (loss) => loss < 0.06);

    await goOn(playground, "learningRateTooHigh");
    await untilStep(playground, 500);
    await arrive("preset-too-high");

    await goOn(playground, "learningRateNaN");
    const stop = await untilSaid(playground, /Not a number at step \d+\./);
    expect(Number(/step (\d+)/.exec(stop)?.[1])).toBeLessThan(60);
    await arrive("preset-nan");
    await playground.button("Go back to step 0").click();
    const norms: number[] = [];
    for (let step = 1; step <= 20; step++) {
      await playground.button("Step").click();
      await playground.until(
        () => playground.number("Step"),
        (now) => now === step,
      );
      norms.push(await playground.until(() => playground.number("Gradient norm"), Number.isFinite));
      if ((norms.at(-1) ?? 0) > 2 * (norms[0] ?? 0)) break;
    }
    expect(Math.max(...norms)).toBeGreaterThan(2 * (norms[0] ?? Number.NaN));
  },
);

everywhere("float16 loses the gradient, and float32 or a scaled loss keeps it", "#v=1&device=cpu", async (journey) => {
  const { playground, arrive } = journey;
  const { page } = playground;
  await choosePreset(playground, "f16Underflow");
  await untilSaid(playground, /^Half precision loses the gradient\. It is exactly zero in \d of 9 layers\./);
  expect(await trainLoss(playground)).toBeGreaterThan(0.68);
  await arrive("preset-underflow");
  await openCard(playground, "Compute");
  await playground.choose("Precision", "f32");
  await untilTrainLoss(playground, (loss) => loss < 0.5);

  await choosePreset(playground, "f16LossScaling");
  await page.waitForSelector("::-p-text(Loss scale )");
  await untilTrainLoss(playground, (loss) => loss < 0.5);
  expect(await said(playground)).not.toContain("loses");
});
