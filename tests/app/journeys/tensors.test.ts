import { expect } from "vitest";
import type { Playground } from "../browser.ts";
import { createEverywhere } from "../everywhere.ts";
import { untilStep } from "./sights.ts";

const everywhere = createEverywhere();

const names = [0, 1, 2].flatMap((layer) => [`layers.${layer}.weight`, `layers.${layer}.bias`]);

/** The cells of a table of the tab, by the start of its caption. */
const rowsOf = ({ page }: Playground, caption: string): Promise<readonly (readonly string[])[]> =>
  page.$$eval(
    'section[aria-label="Tensors"] table',
    (tables, start) => {
      const table = tables.find((each) => each.caption?.textContent?.startsWith(start));
      return [...(table?.tBodies[0]?.rows ?? [])].map(({ cells }) =>
        [...cells].map(({ textContent }) => textContent ?? ""),
      );
    },
    caption,
  );

const words = ({ page }: Playground): Promise<string> =>
  page.$eval('section[aria-label="Tensors"]', (section) => section.textContent ?? "");

async function openTensors(playground: Playground): Promise<void> {
  await playground.choose("Task view", "Tensors");
  await playground.page.waitForSelector('section[aria-label="Tensors"]');
  await playground.page.$eval('section[aria-label="Tensors"]', (section) => section.scrollIntoView({ block: "start" }));
}

const small = "#v=1&device=cpu&data=moons&data.size=80&model.layers=8relu-8relu";

everywhere("someone opens the tensors of a paused run, and sees them at once", small, async (journey) => {
  const { playground, arrive } = journey;
  const { page } = playground;
  await untilStep(playground, 50);
  await playground.pause();
  const paused = await playground.reading("Step");
  await openTensors(playground);
  await playground.until(
    () => words(playground),
    (text) => text.includes(`Measured at step ${paused}.`),
  );
  const rows = await rowsOf(playground, "Parameters");
  expect(rows.map(([name]) => name)).toEqual(names);
  for (const [, weights, gradients] of rows) expect([weights, gradients].join()).toMatch(/^\d[^,]*,\d/);
  expect((await rowsOf(playground, "Hidden layers")).map(([name]) => name)).toEqual([
    "Hidden 1, 8 ReLU",
    "Hidden 2, 8 ReLU",
  ]);
  // One step more, and each matrix has an update to be compared with.
  await playground.button("Step").click();
  const stepped = await playground.until(
    () => rowsOf(playground, "Parameters"),
    (all) => all.filter((row) => /low|good|high/.test(row.at(-1) ?? "")).length === 3,
  );
  expect(stepped).toHaveLength(names.length);
  expect(await playground.reading("Step")).not.toBe(paused);
  await playground.press("::-p-text(How to read this)");
  await page.waitForSelector("::-p-text(A dead unit has the same flat output)");
  await arrive("tensors-paused");
});

/** Far too large a step for the last layer: its squared errors grow until no number holds them. */
const exploding = [
  "#v=1&device=cpu&data=sine&loss=mse&optimizer=sgd&optimizer.learningRate=10",
  "model.layers=8tanh-8tanh",
].join("&");

everywhere("someone sees which tensor blew up first", exploding, async ({ playground, arrive }) => {
  await playground.page.waitForSelector('section[aria-label="Why training stopped"]');
  await openTensors(playground);
  const text = await playground.until(
    () => words(playground),
    (shown) => shown.includes("Parameters"),
  );
  const good = await playground.number("Step");
  const [, tensor, step, move] =
    /(\S+) was the first to be NaN or infinite: step ([\d,]+), (forward|loss|backward|update)/.exec(text) ?? [];
  expect([tensor, move]).toEqual(["loss", "loss"]);
  expect(Number(step?.replace(",", ""))).toBe(good + 1);
  await arrive("tensors-not-finite");
});

everywhere(
  "someone sees in which tensors half precision overflowed, so that the step was skipped",
  `${small}&precision=f16&initialLossScale=1073741824&stopping.steps=1`,
  async ({ playground, arrive }) => {
    await playground.untilEnded(1);
    await openTensors(playground);
    const rows = await playground.until(
      () => rowsOf(playground, "Parameters"),
      ({ length }) => length === names.length,
    );
    expect(rows[0]?.[0]).toMatch(/^layers\.0\.weight \d+ gradients are NaN or infinite: step skipped$/);
    const ranges = await rowsOf(playground, "Gradients in f16");
    expect(ranges.map(([name]) => name)).toEqual(expect.arrayContaining(names));
    expect(ranges.some(([, , infinite]) => Number.parseFloat(infinite ?? "") > 0)).toBe(true);
    await arrive("tensors-skipped");
  },
);
