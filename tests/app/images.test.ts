import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { Playground } from "./browser.ts";
import { createFolder, createStage } from "./stage.ts";

const SIDE = 8;
const CLASSES = 4;
const COUNT = 240;

const stage = createStage();
const folder = createFolder();

/** An IDX file of bytes: two zeros, the type, the number of dimensions, each size in four bytes, then the values. */
function idx(shape: readonly number[], values: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * shape.length + values.length);
  bytes.set([0, 0, 0x08, shape.length]);
  const view = new DataView(bytes.buffer);
  for (const [d, size] of shape.entries()) view.setUint32(4 + 4 * d, size);
  bytes.set(values, 4 + 4 * shape.length);
  return bytes;
}

const labels = Uint8Array.from({ length: COUNT }, (_, index) => index % CLASSES);

/** The class says which quarter of the image is bright; the rest differs from image to image. */
const images = Uint8Array.from({ length: COUNT * SIDE * SIDE }, (_, at) => {
  const [row, column] = [Math.floor(at / SIDE) % SIDE, at % SIDE];
  const quarter = 2 * Math.floor((2 * row) / SIDE) + Math.floor((2 * column) / SIDE);
  const texture = (at * 2_654_435_761) % 97;
  return texture + (quarter === labels[Math.floor(at / (SIDE * SIDE))] ? 120 : 0);
});

const names = { images: "train-images-idx3-ubyte.gz", labels: "train-labels-idx1-ubyte" } as const;

/** Writes the files that open at once: packed images, and their labels as they are. */
async function writeImages(): Promise<void> {
  await writeFile(join(folder(), names.images), gzipSync(idx([COUNT, SIDE, SIDE], images)));
  await writeFile(join(folder(), names.labels), idx([COUNT], labels));
}

/** What is in the list of this name: each image's words, and how many pixels of the picture have ink in its frame. */
const shots = (playground: Playground, list: string) =>
  playground.page.$eval(`ol[aria-label="${list}"]`, (element) => {
    const canvas = element.parentElement?.querySelector("canvas");
    const context = canvas?.getContext("2d");
    return [...element.querySelectorAll<HTMLElement>(".shot")].map((shot) => {
      const frame = shot.querySelector<HTMLElement>(".frame");
      if (!frame || !context) return { text: "", tones: 0 };
      const { offsetLeft, offsetTop, offsetWidth, offsetHeight } = frame;
      const { data } = context.getImageData(offsetLeft, offsetTop, offsetWidth, offsetHeight);
      return { text: shot.textContent ?? "", tones: new Set(new Uint32Array(data.buffer)).size };
    });
  });

const reading = (playground: Playground) =>
  playground.page.$eval('[aria-label="What is happening"]', ({ textContent }) => textContent ?? "");

test("images from IDX files are learnt, and shown as examples and as the worst predictions", async () => {
  await writeImages();
  const playground = await stage.open();
  await playground.pause();
  await playground.openFile(join(folder(), names.images));
  await playground.until(
    () => reading(playground),
    (text) => text.includes(`${COUNT} images of ${SIDE} × ${SIDE} pixels`) && text.includes("train-labels-idx1-ubyte"),
  );
  await playground.openFile(join(folder(), names.labels));
  await playground.page.waitForSelector('aria/Predictions on images[role="figure"]');
  if ((await playground.page.$('aria/Pause[role="button"]')) === null) await playground.button("Play").click();
  await playground.until(
    () => shots(playground, "Worst predictions"),
    (list) => list.length > 0 && list.every(({ text }) => text.includes(", right, ")),
  );
  await playground.pause();
  const worst = await shots(playground, "Worst predictions");
  const chances = worst.map(({ text }) => Number.parseFloat(text.split(", ").at(-1) ?? ""));
  expect(chances).toEqual(chances.toSorted((a, b) => a - b));

  await playground.choose("Shown predictions", "Examples");
  const examples = await playground.until(
    () => shots(playground, "Examples"),
    (list) => list.length > 0 && list.every(({ tones }) => tones > 1),
  );
  for (const { text, tones } of examples) {
    expect(text).toMatch(/^actual [0-3], right, [\d.]+\s%$/);
    // Two brightnesses and their texture: a frame that was left empty has one tone.
    expect(tones).toBeGreaterThan(10);
  }
  await playground.screenshot("images-opened");
  expect(await playground.alerts()).toEqual([]);
  expect(playground.problems).toEqual([]);
});

const wrong: readonly { name: string; content: Uint8Array; message: RegExp }[] = [
  {
    name: "short-images-idx3-ubyte",
    content: idx([COUNT, SIDE, SIDE], images.subarray(0, 1000)),
    message: /short-images-idx3-ubyte: length: got 1000 bytes.*expected 15360.*cut short/,
  },
  {
    name: "damaged-images-idx3-ubyte.gz",
    content: gzipSync(idx([COUNT, SIDE, SIDE], images)).subarray(0, 500),
    message: /damaged-images-idx3-ubyte\.gz: .*(damaged|cut short)/,
  },
  {
    name: "picture-idx3-ubyte",
    content: new TextEncoder().encode("\x89PNG\r\n\x1a\n and so on"),
    message: /picture-idx3-ubyte: first bytes: got others than two zeros, expected an IDX file/,
  },
  {
    name: "colour-idx4-ubyte",
    content: idx([2, 2, 2, 3], new Uint8Array(24)),
    message: /colour-idx4-ubyte: dimensions: got 4, expected 3 .*grey/,
  },
];

test.each(wrong)("$name is refused with a reason, and the page goes on", async ({ name, content, message }) => {
  const path = join(folder(), name);
  await writeFile(path, content);
  const playground = await stage.open();
  await playground.openFile(path);
  const alerts = await playground.until(
    () => playground.alerts(),
    (list) => list.length > 0,
  );
  expect(alerts.join(" ")).toMatch(message);
  const before = await playground.number("Step");
  await playground.button("Step").click();
  await playground.until(
    () => playground.number("Step"),
    (step) => step > (Number.isNaN(before) ? 0 : before),
  );
  expect(playground.problems).toEqual([]);
});
