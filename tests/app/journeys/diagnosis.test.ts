import { expect } from "vitest";
import { presetOf } from "../../../src/session/presets/index.ts";
import { createEverywhere } from "../everywhere.ts";
import { openCard, results, said, untilSaid, untilStep } from "./sights.ts";

const everywhere = createEverywhere();

const sentences = (text: string) => text.split(/(?<=[.]) /);

everywhere("the line tells what is wrong and why, and a press mends it", "#v=1&device=cpu", async (journey) => {
  const { playground, arrive } = journey;
  const { page } = playground;
  await playground.select("Preset", presetOf("deadRelu").label);
  const line = await untilSaid(playground, /of 16 units in hidden layer [12] are dead\. \d+\s%/);
  expect(line).toContain("Leaky ReLU, learning rate 0.3");
  await playground.button("Why").click();
  const why = await page.$eval('[role="dialog"][aria-label="Why"]', ({ textContent }) => textContent ?? "");
  expect(sentences(why)).toHaveLength(2);
  await arrive("diagnosis-why");
  await page.keyboard.press("Escape");
  await playground.button("Leaky ReLU, learning rate 0.3").click();
  await playground.until(
    () => results(playground, "Accuracy"),
    ({ validation }) => validation >= 95,
  );
  await untilSaid(playground, /^(Learning|Settled)\./);
  expect(await said(playground)).not.toContain("dead");
  await arrive("diagnosis-mended");

  await playground.select("Preset", presetOf("learningRateTooLow").label);
  await openCard(playground, "Optimizer");
  // So low, and from the first step on, that it is too low for long enough on machines of all speeds
  await playground.type("Learning rate", "1e-6");
  await playground.button("Reset").click();
  await playground.until(
    () => playground.number("Step"),
    (step) => step === 0,
  );
  await playground.button("Play").click();
  await untilSaid(playground, /The learning rate is too small\. Training loss fell evenly, by \d/);
  const before = await results(playground, "Loss");
  await playground.button("Learning rate 1e−4").click();
  await playground.until(
    () => results(playground, "Loss"),
    ({ train }) => train < 0.8 * before.train,
  );
  await untilSaid(playground, /^(?!.*too small)/);

  await playground.select("Preset", presetOf("underfit").label);
  await untilSaid(playground, /Underfitting: the network is too small\./);
  await arrive("diagnosis-advice");
  await playground.button("Dismiss").click();
  await untilSaid(playground, /^(?!.*Underfitting)/);
  await untilStep(playground, (await playground.number("Step")) + 500);
  expect(await said(playground)).not.toContain("Underfitting");
});
