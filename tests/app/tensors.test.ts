import { expect, test } from "vitest";
import type { Playground } from "./browser.ts";
import { createStage } from "./stage.ts";

const stage = createStage();

/** Opens the tab of the tensors and waits for the first measurement that compares itself with the step before. */
async function openTensors(hash: string): Promise<Playground> {
  const playground = await stage.open(hash);
  await playground.choose("Task view", "Tensors");
  await playground.page.waitForSelector(".tensors table");
  return playground;
}

const rowsOf = ({ page }: Playground, caption: string): Promise<readonly (readonly string[])[]> =>
  page.evaluate((start) => {
    const tables = [...document.querySelectorAll<HTMLTableElement>(".tensors table")];
    const table = tables.find(({ caption: words }) => words?.textContent?.startsWith(start));
    return [...(table?.tBodies[0]?.rows ?? [])].map((row) => [...row.cells].map((cell) => cell.textContent ?? ""));
  }, caption);

test("the tab of the tensors has a row per tensor and layer while it is open, and a word on the update", async () => {
  const playground = await openTensors("");
  const rows = await playground.until(
    () => rowsOf(playground, "Parameters"),
    ([first]) => /low|good|high/.test(first?.at(-1) ?? ""),
  );
  const names = [0, 1, 2].flatMap((layer) => [`layers.${layer}.weight`, `layers.${layer}.bias`]);
  expect(rows.map(([name]) => name)).toEqual(names);
  for (const [, weightNorm, gradNorm] of rows) {
    expect(weightNorm).toMatch(/\d/);
    expect(gradNorm).toMatch(/\d/);
  }
  expect((await rowsOf(playground, "Hidden layers")).map(([name]) => name)).toEqual([
    "Hidden 1, 16 tanh",
    "Hidden 2, 16 tanh",
  ]);
  const pictures = await playground.page.$$eval(".tensors .bars", (bars) =>
    bars.map((bar) => bar.getAttribute("aria-label")),
  );
  expect(pictures).toHaveLength(2 * names.length + 2);
  for (const words of pictures) {
    expect(words).toMatch(/^(Weights|Gradients|Activations): half of them .+ in size, .*% negative$/);
  }
  expect(await playground.barriers()).toEqual([]);
  await playground.choose("Task view", "Decision boundary");
  await playground.page.waitForSelector("figure.map");
  expect(await playground.page.$(".tensors")).toBeNull();
  expect(playground.problems).toEqual([]);
});

test("in half precision the gradients' sizes and losses are shown, and the loss scale stands beside its setting", async () => {
  const playground = await openTensors(
    "#v=1&precision=f16&checkpointing=true&model.layers=32relu-32relu-32relu-32relu",
  );
  const rows = await playground.until(
    () => rowsOf(playground, "Gradients in f16"),
    ({ length }) => length > 0,
  );
  expect(rows.map(([name]) => name)).toContain("layers.0.weight");
  for (const [, underflow, overflow] of rows)
    expect([underflow, overflow].join()).toMatch(/^<?[\d.]+\u2009%,<?[\d.]+\u2009%$/);
  const notes = await playground.page.$$eval(".card .note", (all) => all.map(({ textContent }) => textContent));
  expect(notes).toContainEqual(expect.stringMatching(/^Loss scale [\d,]+, [\d,]+ of [\d,]+ steps skipped\.$/));
  expect(notes).toContainEqual(expect.stringMatching(/^A step's activations take .+ instead of .+ more calls?\.$/));
  expect(await playground.barriers()).toEqual([]);
});
