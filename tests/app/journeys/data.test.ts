import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect } from "vitest";
import { digits } from "../../../src/data/digits.ts";
import { createRandom } from "../../../src/lib/random.ts";
import type { Playground } from "../browser.ts";
import { createEverywhere } from "../everywhere.ts";
import { createFolder } from "../stage.ts";
import { birds, columns, missingIn } from "./birds.ts";
import { openCard, results, untilSaid } from "./sights.ts";

const everywhere = createEverywhere();

const folder = createFolder();

async function written(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder(), name);
  await writeFile(path, content);
  return path;
}

/** Examples of the training and the validation split. */
const examples = ({ page }: Playground): Promise<number> =>
  page.$$eval(".results tr", (rows) => {
    const cells = [...(rows.find(({ cells: [head] }) => head?.textContent === "Examples")?.cells ?? [])].slice(1);
    return cells.reduce((sum, { textContent }) => sum + Number(textContent), 0);
  });

/** The widths of the network, as the model's card says them: "6 – 16 – 16 – 3". */
const widths = ({ page }: Playground): Promise<string> =>
  page.$$eval("details.card .note", (notes) => {
    const texts = notes.map(({ textContent }) => textContent ?? "");
    return texts.find((text) => /^\d+ – /.test(text))?.split(",")[0] ?? "";
  });

const untilWidths = (playground: Playground, expected: string) =>
  playground.until(
    () => widths(playground),
    (now) => now === expected,
  );

const perKind = 40;

everywhere("a table becomes examples as the user says", "#v=1&device=cpu", async ({ playground, arrive }) => {
  const { page } = playground;
  await playground.openFile(await written("birds.csv", birds(perKind).join("\n")));
  const list = await page.waitForSelector("aria/Columns of birds.csv[role='list']");
  const said = await list?.$$eval("li", (items) => items.map(({ textContent }) => textContent ?? ""));
  expect(said?.map((text, index) => text.startsWith(columns[index] ?? "?"))).toEqual(columns.map(() => true));
  await page.waitForSelector(`::-p-text(${missingIn(perKind)} missing cells: mass ${missingIn(perKind)})`);
  await openCard(playground, "Model");

  await playground.select("Target", "kind");
  // Four numbers and three islands in, three kinds out
  await untilWidths(playground, "7 – 16 – 16 – 3");
  await page.waitForSelector('aria/Confusion matrix[role="figure"]');
  const all = await playground.until(() => examples(playground), Number.isFinite);
  await arrive("data-table");

  await playground.choose("Missing cells", "drop rows");
  await playground.until(
    () => examples(playground),
    (count) => count < all,
  );
  await playground.select("Type of island", "not used");
  await untilWidths(playground, "4 – 16 – 16 – 3");

  await playground.select("Target", "mass");
  await untilWidths(playground, "6 – 16 – 16 – 1");
  await page.waitForSelector('aria/Predicted against actual[role="figure"]');
  await arrive("data-regression");

  await playground.select("Target", "kind");
  await untilWidths(playground, "4 – 16 – 16 – 3");
  if ((await page.$('aria/Pause[role="button"]')) === null) await playground.button("Play").click();
  await playground.until(
    () => results(playground, "Accuracy"),
    ({ validation }) => validation >= 85,
  );
  await playground.pause();
  expect(await playground.alerts()).toEqual([]);
});

const count = 300;

/** Digits as the files of MNIST: images packed, labels as they are. */
async function digitFiles() {
  const sample = digits.sample({ size: count, noise: 0.1, distortion: 1 }, createRandom(3, "data"));
  const pixels = Uint8Array.from(sample.inputs, (value) => Math.round(255 * value));
  const sizes = (...shape: readonly number[]) => shape.flatMap((size) => [0, 0, size >> 8, size & 255]);
  const images = Uint8Array.from([0, 0, 8, 3, ...sizes(count, 28, 28), ...pixels]);
  const labels = Uint8Array.from([0, 0, 8, 1, ...sizes(count), ...sample.targets]);
  return {
    images: await written("few-images-idx3-ubyte.gz", gzipSync(images)),
    labels: await written("few-labels-idx1-ubyte", labels),
  };
}

/** Drags a file from outside over the page; it is not let go yet. */
async function dragOver(playground: Playground, path: string): Promise<() => Promise<void>> {
  const { page } = playground;
  await page.evaluate((id) => {
    const input = document.createElement("input");
    input.type = "file";
    input.id = id;
    input.hidden = true;
    input.ariaLabel = "Dragged file";
    document.body.append(input);
  }, "dragged");
  const input = await page.$('input[id="dragged"]');
  await (input as import("puppeteer-core").ElementHandle<HTMLInputElement> | null)?.uploadFile(path);
  const fire = (kind: string) =>
    page.evaluate((type) => {
      const held = document.querySelector<HTMLInputElement>("#dragged");
      const dataTransfer = new DataTransfer();
      for (const file of held?.files ?? []) dataTransfer.items.add(file);
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
      if (type === "drop") held?.remove();
    }, kind);
  await fire("dragover");
  return () => fire("drop");
}

everywhere("digits from two IDX files are learnt and seen", "#v=1&device=cpu", async ({ playground, arrive }) => {
  const { page } = playground;
  const files = await digitFiles();
  await playground.openFile(files.images);
  await untilSaid(playground, /300 images of 28 × 28 pixels.*few-labels-idx1-ubyte/);
  const drop = await dragOver(playground, files.labels);
  await page.waitForSelector("::-p-text(Drop a CSV file, or images and their labels)");
  await arrive("data-drop");
  await drop();
  await page.waitForSelector('aria/Predictions on images[role="figure"]');
  await openCard(playground, "Model");
  await untilWidths(playground, "784 – 256 – 128 – 10");
  await page.waitForSelector("::-p-text(300 images of 28 × 28 pixels in 10 classes)");
  if ((await page.$('aria/Pause[role="button"]')) === null) await playground.button("Play").click();
  await playground.until(
    () => results(playground, "Accuracy"),
    ({ train, validation }) => train >= 90 && validation >= 40,
  );
  await playground.pause();
  await arrive("data-digits");
  const shown = await page.$$eval('ol[aria-label="Worst predictions"] .shot', (shots) =>
    shots.map(({ textContent }) => textContent ?? ""),
  );
  expect(shown.length).toBeGreaterThan(10);
  for (const text of shown) expect(text).toMatch(/actual \d/);
  expect(await playground.alerts()).toEqual([]);
});

const [header = "", first = "", second = ""] = birds(2);
const refused = [
  {
    name: "short-row.csv",
    content: [header, first, second.split(",").slice(0, 4).join(",")].join("\n"),
    message: /short-row\.csv.*line 3: got 4 cells, expected 6 as in the header/,
  },
  { name: "empty.csv", content: "", message: /empty\.csv.*got an empty file/ },
  {
    name: "no-names.csv",
    content: "5.1,3.5\n4.9,3.0\n",
    message: /no-names\.csv.*got the number 5\.1, expected a column name/,
  },
  {
    name: "photo.png",
    content: Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0xff, 0xfe, 0xc3, 0x28]),
    message: /photo\.png/,
  },
];

everywhere("wrong files and wrong numbers are refused in words", "#v=1&device=cpu", async ({ playground, arrive }) => {
  const before = await playground.page.$eval(
    'select[aria-label="Preset"]',
    (menu) => (menu as HTMLSelectElement).value,
  );
  for (const { name, content, message } of refused) {
    await playground.openFile(await written(name, content));
    const [text] = await playground.until(
      () => playground.alerts(),
      (list) => list.length > 0,
    );
    expect(text).toMatch(message);
    if (name === "short-row.csv") await arrive("data-wrong-file");
    await playground.button("Dismiss this message").click();
    expect(await playground.alerts()).toEqual([]);
  }
  // The run that was there goes on as if nothing had been
  const now = await playground.page.$eval('select[aria-label="Preset"]', (menu) => (menu as HTMLSelectElement).value);
  expect(now).toBe(before);
  const step = await playground.number("Step");
  await playground.until(
    () => playground.number("Step"),
    (later) => later > step,
  );

  await openCard(playground, "Optimizer");
  const rate = "Learning rate";
  const shown = () =>
    playground.page.$eval(`aria/${rate}[role="spinbutton"]`, (field) => (field as HTMLInputElement).value);
  const kept = await shown();
  for (const [typed, got] of [
    ["-1", "−1"],
    ["1e9", "1e9"],
  ] as const) {
    await playground.type(rate, typed);
    const [text] = await playground.until(
      () => playground.alerts(),
      ([first]) => first?.includes(`got ${got}`) === true,
    );
    expect(text).toMatch(/^Learning rate: got .*, expected a number from 0 to 100\.$/);
    expect(await shown()).toBe(kept);
  }
  await arrive("data-wrong-number");
  await playground.type(rate, "0.004");
  expect(await playground.alerts()).toEqual([]);
  await playground.until(
    async () => playground.page.url(),
    (url) => url.includes("learningRate=0.004"),
  );
});
