import { expect, test } from "vitest";
import type { Playground } from "./browser.ts";
import { createStage } from "./stage.ts";

const stage = createStage();

/** A regression with unbounded activations, so that a large learning rate leaves the range of float32. */
const hash = "#v=1&data=sine&loss=mse&optimizer=sgd&model.layers=16relu-16relu";
const card = ({ page }: Playground) =>
  page.$$eval('[aria-label="Why training stopped"]', ([section]) => section?.textContent ?? "");
const learningRate = ({ page }: Playground) =>
  page.$eval('aria/Learning rate[role="spinbutton"]', (element) => Number((element as HTMLInputElement).value));
const isMain = "Rewind 20 steps, halve the learning rate";

/** A run that has learned for a while and then got a learning rate that it cannot bear. */
async function blownUp(): Promise<Playground> {
  const playground = await stage.open(hash);
  await playground.until(
    () => playground.number("Step"),
    (step) => step > 100,
  );
  await playground.page.$$eval("details.card", (cards) => {
    for (const each of cards as HTMLDetailsElement[]) each.open = true;
  });
  await playground.type("Learning rate", "100");
  await playground.until(
    () => card(playground),
    (text) => text !== "",
  );
  return playground;
}

test("a run that blows up stops, says where, and rewinds to go on at half the learning rate", async () => {
  const playground = await blownUp();
  const text = await card(playground);
  const step = Number(/Stopped at step ([\d,]+)/.exec(text)?.[1]?.replaceAll(",", ""));
  expect(text).toMatch(/Move(Forward|Loss|Backward|Update)/);
  expect(text).toMatch(/layers\.[012]\.(output|weight|bias)|loss/);
  // The run is looked at where it stands before it says that it is there
  await playground.until(
    () => playground.number("Step"),
    (now) => now === step - 1,
  );
  await playground.until(() => playground.number("Training loss"), Number.isFinite);
  await playground.screenshot("stop-card");
  await playground.button(isMain).click();
  await playground.until(
    () => learningRate(playground),
    (rate) => rate === 50,
  );
  // Still too much: it stops again. The first card stays until the run is back where it goes on
  await playground.until(
    () => card(playground),
    (again) => again !== "" && again !== text,
  );
  await playground.type("Learning rate", "0.01");
  await playground.button(isMain).click();
  await playground.until(
    () => playground.number("Step"),
    (count) => count > step + 200,
  );
  expect(await card(playground)).toBe("");
  expect(await learningRate(playground)).toBe(0.005);
  expect(playground.problems).toEqual([]);
});

test("the card can be put away, and the page stays in use", async () => {
  const playground = await blownUp();
  await playground.button("Put away").click();
  await playground.until(
    () => card(playground),
    (text) => text === "",
  );
  await playground.button("Reset").click();
  await playground.until(
    () => playground.number("Step"),
    (step) => step === 0,
  );
  expect(playground.problems).toEqual([]);
});
