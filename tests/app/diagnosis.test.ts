import { expect, test } from "vitest";
import { presetOf } from "../../src/session/presets/index.ts";
import type { Playground } from "./browser.ts";
import { createStage } from "./stage.ts";

const stage = createStage();

const said = ({ page }: Playground): Promise<string> =>
  page.$eval('section[aria-label="What is happening"]', (line) => line.textContent ?? "");

test("a chosen preset is read like an expert would, and one press of a remedy changes the run", async () => {
  const playground = await stage.open();
  await playground.select("Preset", presetOf("overfit").label);
  await playground.until(
    () => said(playground),
    (text) => text.includes("Overfitting"),
  );
  await playground.button("Why").click();
  await playground.page.waitForSelector("::-p-text(parameters to spare)");
  await playground.page.keyboard.press("Escape");
  await playground.button("Weight decay 3").click();
  await playground.until(
    () => playground.page.$eval('select[aria-label="Preset"]', (menu) => menu.selectedOptions[0]?.textContent),
    // The remedy makes of it what is a preset too
    (label) => label?.trim() === presetOf("overfitWeightDecay").label,
  );
  await playground.button("Undo").click();
  await playground.until(
    () => playground.page.$eval('select[aria-label="Preset"]', (menu) => menu.selectedOptions[0]?.textContent),
    (label) => label?.trim() === presetOf("overfit").label,
  );
  expect(playground.problems).toEqual([]);
});

test("a preset says what it is for, and leads on to its cures", async () => {
  const playground = await stage.open();
  await playground.select("Preset", presetOf("overfit").label);
  await playground.button("About this preset").click();
  await playground.page.waitForSelector(`::-p-text(${presetOf("overfit").try})`);
  await playground.button("Cure: early stopping").click();
  await playground.until(
    () => playground.page.$eval('select[aria-label="Preset"]', (menu) => menu.value),
    (name) => name === "overfitEarlyStopping",
  );
  expect(playground.problems).toEqual([]);
});

test("advice that was put away stays away until the run starts anew", async () => {
  const playground = await stage.open();
  const isAdvised = (text: string) => text.includes("Underfitting");
  await playground.select("Preset", presetOf("underfit").label);
  await playground.until(() => said(playground), isAdvised);
  await playground.button("Dismiss").click();
  await playground.until(
    () => said(playground),
    (text) => !isAdvised(text),
  );
  const step = await playground.number("Step");
  await playground.until(
    () => playground.number("Step"),
    (now) => now > 2 * step,
  );
  expect(await said(playground)).not.toContain("Underfitting");
  await playground.button("Reset").click();
  await playground.button("Play").click();
  await playground.until(() => said(playground), isAdvised);
});
