import { expect, test } from "vitest";
import type { Playground } from "./browser.ts";
import { createStage } from "./stage.ts";

const stage = createStage();

const link = ({ page }: Playground) =>
  page.$eval('input[aria-label="Link"]', (input) => (input as HTMLInputElement).value);

const hash = "#v=1&device=cpu&deterministic=true&stopping.steps=300";

test("a link carries the sender's curve, and who opens it is told that it is reproduced", async () => {
  const sender = await stage.open(hash);
  await sender.untilEnded(300);
  await sender.button("Share").click();
  await sender.control("Carry the curve so far, so that others see whether theirs reproduces it", "checkbox").click();
  const address = await sender.until(
    () => link(sender),
    (text) => text.includes("share.ghost="),
  );
  expect(await sender.barriers()).toEqual([]);
  await sender.screenshot("share");

  const opener = await stage.open(address);
  await opener.untilEnded(300);
  await opener.until(
    () => opener.reading("Sender’s curve"),
    (text) => text === "Reproduces the sender’s curve within 0.1 % over all 300 steps.",
  );
  await opener.type("Learning rate", "0.5");
  await opener.until(
    () => opener.reading("Sender’s curve"),
    (text) => text.startsWith("Other settings than the sender’s"),
  );
  expect(opener.problems).toEqual([]);
});

test("a run that is another one is told where it departs", async () => {
  const sender = await stage.open(hash);
  await sender.untilEnded(300);
  await sender.button("Share").click();
  await sender.control("Carry the curve so far, so that others see whether theirs reproduces it", "checkbox").click();
  const address = await sender.until(
    () => link(sender),
    (text) => text.includes("share.ghost="),
  );
  const opener = await stage.open(address.replace("v=1&", "v=1&model.seed=77&"));
  await opener.until(
    () => opener.reading("Sender’s curve"),
    (text) => text.startsWith("Departs from the sender’s curve at step 1:"),
  );
});

test("a teacher's link hides and locks, sets a goal, and can be unlocked", async () => {
  const goal = "share.goal=loss,0.9,300&share.lock=optimizer&share.hide=data";
  const playground = await stage.open(`${hash}&${goal}`);
  const { page } = playground;
  await playground.until(
    () => playground.reading("Goal"),
    (text) => text.startsWith("Reached at step "),
  );
  expect(await page.$eval('[aria-label="From the link"]', ({ textContent }) => textContent)).toContain(
    "Goal: validation loss below 0.9 within 300 steps.",
  );
  const shown = () => page.$$eval("details.card", (cards) => cards.filter((card) => card.checkVisibility()).length);
  expect(await shown()).toBe(4);
  expect(await page.$$eval(".card .body[inert]", (bodies) => bodies.length)).toBe(1);
  expect(await playground.barriers()).toEqual([]);
  await playground.screenshot("lesson");
  await playground.button("Unlock the settings").click();
  await playground.until(shown, (count) => count === 5);
  await playground.type("Learning rate", "0.5");
  expect(await page.evaluate(() => location.hash)).toContain("share.goal=loss,0.9,300");
  expect(await playground.alerts()).toEqual([]);
  expect(playground.problems).toEqual([]);
});

test("a goal that is not reached in time is missed in words", async () => {
  const playground = await stage.open("#v=1&device=cpu&stopping.steps=5&share.goal=loss,0.01,5");
  await playground.until(
    () => playground.reading("Goal"),
    (text) => /^Missed: best [\d.]+ by step 5\. Reset to try again\.$/.test(text),
  );
});

test("settings that the link locks are not changed by a preset either, and the page says why", async () => {
  const playground = await stage.open(`${hash}&share.lock=data`);
  await playground.page.waitForSelector(".card .body[inert]");
  await playground.select("Preset", "Overfit a few noisy points");
  const [alert] = await playground.until(
    () => playground.alerts(),
    (found) => found.length > 0,
  );
  expect(alert).toContain("the link that opened this page locks it");
  expect(await playground.page.evaluate(() => location.hash)).not.toContain("moons");
});

test("a share part that is broken is refused with a notice, and the rest of the link works", async () => {
  const playground = await stage.open("#v=1&device=cpu&data=moons&share.ghost=1%20nonsense&share.goal=loss,0.3,300");
  await playground.until(
    () => playground.reading("Goal").catch(() => ""),
    (text) => text !== "",
  );
  expect(await playground.alerts()).toEqual(["share.ghost: this part of the link cannot be read. It is left out."]);
  expect(playground.problems).toEqual([]);
});

test("inside of another page there are the view, the plots and the transport, and nothing else", async () => {
  const playground = await stage.open(`?embed${hash}`, { width: 960, height: 640 });
  const { page } = playground;
  await playground.untilEnded(300);
  const visible = (name: string) =>
    page.$$eval(name, (elements) => elements.some((element) => element.checkVisibility()));
  expect(await visible(".view")).toBe(true);
  expect(await visible('[aria-label="Plots"]')).toBe(true);
  expect(await visible('[aria-label="Transport"]')).toBe(true);
  expect(await visible('[aria-label="The five ingredients"]')).toBe(false);
  expect(await visible('[aria-label="Runs"]')).toBe(false);
  expect(await playground.barriers()).toEqual([]);
  await playground.screenshot("embed");
  expect(playground.problems).toEqual([]);
});
