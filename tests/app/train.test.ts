import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import type { Playground } from "./browser.ts";
import { flowers } from "./flowers.ts";
import { createFolder, createStage } from "./stage.ts";

/** The real table where it lies beside the checkout, else one of our own that is like it. */
const realIris = resolve(import.meta.dirname, "../../../shared/data/iris.csv");

const devices = [
  { label: "CPU", inUse: /^CPU/ },
  { label: "GPU", inUse: /^WebGPU/ },
];

const stage = createStage("swiftshader");
const folder = createFolder();

/** Accuracy on the validation split, in percent, as the page shows it. */
const accuracy = (playground: Playground) =>
  playground.page.$$eval("table tr", (rows) => {
    const row = rows.find(({ cells }) => cells[0]?.textContent === "Accuracy");
    return Number.parseFloat(row?.cells[2]?.textContent ?? "");
  });

describe.each(devices)("on the $label", ({ label, inUse }) => {
  test("the spirals are learnt to 97 % by pressing the buttons", async () => {
    const playground = await stage.open();
    await playground.pause();
    await playground.choose("Device", label);
    await playground.until(
      () => playground.reading("Device in use"),
      (text) => inUse.test(text),
    );
    await playground.until(
      () => playground.number("Step"),
      (step) => step === 0,
    );
    await playground.button("Play").click();
    await playground.until(
      () => accuracy(playground),
      (percent) => percent >= 97,
    );
    await playground.pause();
    expect(await playground.number("Step")).toBeGreaterThan(0);
    expect(await playground.number("Training loss")).toBeGreaterThan(0);
    expect(await playground.number("Gradient norm")).toBeGreaterThan(0);
    await playground.screenshot(`spirals-${label}`);
    expect(await playground.alerts()).toEqual([]);
    expect(playground.problems).toEqual([]);
  });

  test("iris from a CSV file is learnt to 93 %", async () => {
    const playground = await stage.open();
    await playground.pause();
    await playground.choose("Device", label);
    const path = existsSync(realIris) ? realIris : join(folder(), "flowers.csv");
    if (path !== realIris) await writeFile(path, flowers());
    await playground.openFile(path);
    await playground.page.waitForSelector('aria/Confusion matrix[role="figure"]');
    await playground.until(
      () => playground.reading("Device in use"),
      (text) => inUse.test(text),
    );
    const isPlaying = (await playground.page.$('aria/Pause[role="button"]')) !== null;
    if (!isPlaying) await playground.button("Play").click();
    await playground.until(
      () => accuracy(playground),
      (percent) => percent >= 93,
    );
    await playground.pause();
    await playground.screenshot(`iris-${label}`);
    expect(await playground.alerts()).toEqual([]);
    expect(playground.problems).toEqual([]);
  });
});

test("step, reset and a new seed do what they say", async () => {
  const playground = await stage.open();
  await playground.pause();
  await playground.button("Reset").click();
  await playground.until(
    () => playground.number("Step"),
    (step) => step === 0,
  );
  await playground.button("Step").click();
  await playground.until(
    () => playground.number("Step"),
    (step) => step === 1,
  );
  const first = await playground.number("Training loss");
  await playground.button("Reset").click();
  await playground.until(
    () => playground.number("Step"),
    (step) => step === 0,
  );
  await playground.button("Step").click();
  await playground.until(
    () => playground.number("Step"),
    (step) => step === 1,
  );
  expect(await playground.number("Training loss")).toBe(first);
  await playground.button("New seed").click();
  await playground.until(
    () => playground.number("Step"),
    (step) => step === 0,
  );
  await playground.button("Step").click();
  await playground.until(
    () => playground.number("Step"),
    (step) => step === 1,
  );
  expect(await playground.number("Training loss")).not.toBe(first);
});

test("the address carries the configuration to another tab", async () => {
  const playground = await stage.open();
  await playground.select("Dataset", "Moons");
  await playground.type("Learning rate", "0.003");
  await playground.type("Batch size", "64");
  const address = await playground.until(
    async () => playground.page.url(),
    (url) => url.includes("batchSize=64") && url.includes("0.003"),
  );
  const other = await stage.open(address);
  const values = ["Learning rate", "Batch size"].map((name) =>
    other.page.$eval(`aria/${name}[role="spinbutton"]`, (element) => Number((element as HTMLInputElement).value)),
  );
  expect(await Promise.all(values)).toEqual([0.003, 64]);
});

test("the test split is evaluated on request, and a second time only after a warning", async () => {
  const playground = await stage.open();
  await playground.pause();
  await playground.button("Evaluate test split").click();
  const reading = () =>
    playground.page.$eval('[aria-label="What is happening"]', ({ textContent }) => textContent ?? "");
  await playground.until(reading, (text) => /test/i.test(text));
  await playground.button("Evaluate test split").click();
  await playground.page.waitForFunction(() => /already/i.test(document.body.innerText));
});
