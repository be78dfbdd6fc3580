import { describe, expect, test } from "vitest";
import type { Playground } from "./browser.ts";
import { copied, createSaving } from "./saving.ts";
import { createStage } from "./stage.ts";

const stage = createStage();

/** Clipped, so that every plot has something to say; on the CPU, with a validation split. */
const hash = "#v=1&data=spirals&optimizer.clipping=norm&optimizer.clipping.maxNorm=0.5";

const STEPS = 600;

/** A page with a run that rests after some hundred steps. */
async function trained(): Promise<Playground> {
  const playground = await stage.open(`${hash}&stopping.steps=${STEPS}`);
  await playground.untilEnded(STEPS);
  return playground;
}

const slider = (plot: string) => `[role="slider"][aria-label="${plot}: place on the curve"]`;

const spoken = ({ page }: Playground, plot: string): Promise<string> =>
  page.$eval(slider(plot), (element) => element.getAttribute("aria-valuetext") ?? "");

const stepIn = (text: string): number => Number(/step ([\d,]+)/.exec(text)?.[1]?.replaceAll(",", ""));

/** A point of a plot, by fractions of its width and height, in pixels of the page. */
async function pointOf({ page }: Playground, plot: string, [x, y]: readonly [number, number]) {
  const box = await (await page.waitForSelector(slider(plot)))?.boundingBox();
  if (box == null) throw new Error(`${plot}: got no box`);
  return { x: box.x + x * box.width, y: box.y + y * box.height };
}

/** Chooses an entry of a plot's menu. */
async function chooseOf(playground: Playground, plot: string, entry: string): Promise<void> {
  await playground.press(`aria/${plot} menu[role="button"]`);
  await playground.press(`:popover-open ::-p-aria(${entry}[role="button"])`);
}

test("the crosshair stands at the same step in all plots, their readings follow it, and a click pins it", async () => {
  const playground = await trained();
  const { page } = playground;
  const newest = await playground.number("Training loss");
  const middle = await pointOf(playground, "Loss", [0.1, 0.5]);
  await page.mouse.move(middle.x, middle.y);
  const early = await playground.until(
    () => playground.number("Training loss"),
    (value) => value !== newest,
  );
  expect(early).toBeGreaterThan(newest);
  const [inLoss, inNorm] = [await spoken(playground, "Loss"), await spoken(playground, "Gradient norm")];
  expect(stepIn(inLoss)).toBeGreaterThan(0);
  expect(stepIn(inNorm)).toBe(stepIn(inLoss));
  expect(Number(/training loss ([\d.]+(?:e-\d+)?)/.exec(inLoss)?.[1])).toBe(early);

  await page.mouse.click(middle.x, middle.y);
  await page.mouse.move(10, 10);
  expect(await spoken(playground, "Learning rate")).toContain(inLoss.slice(0, inLoss.indexOf(":")));
  await page.focus(slider("Loss"));
  await page.keyboard.press("Escape");
  expect(stepIn(await spoken(playground, "Loss"))).toBe(await playground.number("Step"));
  expect(playground.problems).toEqual([]);
});

test("a drag zooms into all plots, training goes on inside, and the button shows all again", async () => {
  const playground = await trained();
  const { page } = playground;
  const last = await playground.number("Step");
  const [from, to] = [
    await pointOf(playground, "Gradient norm", [0.25, 0.5]),
    await pointOf(playground, "Gradient norm", [0.5, 0.5]),
  ];
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 5 });
  await page.mouse.up();
  const atRight = async () => {
    const edge = await pointOf(playground, "Loss", [0.999, 0.5]);
    await page.mouse.move(edge.x, edge.y);
    return stepIn(await spoken(playground, "Loss"));
  };
  // Half of the run, as far as a pixel of the plot can say.
  const zoomed = await atRight();
  expect(Math.abs(zoomed - last / 2)).toBeLessThan(last / 50);
  await playground.button("Speed and limits").click();
  await playground.type("Steps", "0");
  await page.keyboard.press("Escape");
  await playground.button("Play").click();
  await playground.until(
    () => playground.number("Step"),
    (step) => step > last + 200,
  );
  await playground.pause();
  expect(await atRight()).toBe(zoomed);
  await playground.button("Reset zoom").click();
  const newest = await playground.number("Step");
  expect(Math.abs((await atRight()) - newest)).toBeLessThan(newest / 50);
});

test("a focused curve goes by keys: samples, pin, zoom, and all again", async () => {
  const playground = await trained();
  const { page } = playground;
  await page.focus(slider("Loss"));
  const end = stepIn(await spoken(playground, "Loss"));
  await page.keyboard.press("ArrowLeft");
  const before = stepIn(await spoken(playground, "Loss"));
  expect(before).toBeLessThan(end);
  await page.keyboard.press("PageDown");
  expect(stepIn(await spoken(playground, "Loss"))).toBeLessThan(before);
  await page.keyboard.press("Home");
  // A plot of this width has at least 40 points.
  expect(stepIn(await spoken(playground, "Loss"))).toBeLessThan(end / 16);
  await page.keyboard.press("Space");
  expect(await playground.reading("Step")).not.toBe("");
  // Space belongs to the curve here: the run stays paused.
  await playground.button("Play").waitHandle();
  await page.keyboard.press("+");
  const isZoomed = () => page.$eval('[aria-label="Reset zoom"]', (button) => !(button as HTMLButtonElement).disabled);
  expect(await isZoomed()).toBe(true);
  await page.keyboard.press("0");
  expect(await isZoomed()).toBe(false);
});

test("settings of the plots are still there after a reload", async () => {
  const playground = await trained();
  const { page } = playground;
  await playground.select("X axis", "epoch");
  await playground.choose("Y axis", "Linear");
  await page.focus('[aria-label="Smoothing"]');
  await page.keyboard.press("Home");
  await playground.button("Axes and zoom").click();
  await playground.press("aria/Log x axis");
  await page.reload();
  await playground.until(
    () => playground.number("Step"),
    (step) => step > 50,
  );
  expect(await spoken(playground, "Loss")).toMatch(/^epoch/);
  const state = await page.evaluate(() => ({
    linear: document.querySelector<HTMLInputElement>('[aria-label="Linear"]')?.checked,
    smoothing: document.querySelector<HTMLInputElement>('[aria-label="Smoothing"]')?.value,
  }));
  expect(state).toEqual({ linear: true, smoothing: "0" });
});

describe("a plot leaves the page", () => {
  test("as PNG, SVG, CSV and JSON, named after run and day, with configuration and seeds inside", async () => {
    const playground = await trained();
    const { page } = playground;
    const save = await createSaving(page);
    const saved = async (kind: string) => {
      const { name, bytes } = await save(kind, () => chooseOf(playground, "Loss", `Save ${kind.toUpperCase()}`));
      expect(name).toMatch(new RegExp(`^downhill-[a-z0-9-]+-loss-\\d{4}-\\d\\d-\\d\\d\\.${kind}$`));
      return bytes;
    };
    const seeds = /"seeds":\s*\{\s*"data":\s*\d+,\s*"model":\s*\d+,\s*"order":\s*\d+/;

    const csv = (await saved("csv")).toString();
    expect(csv.split("\n")[0]).toMatch(seeds);
    expect(csv.split("\n")[1]).toBe("step,epoch,samples,seconds,Training loss,Validation loss");
    const last = await playground.number("Step");
    expect(csv.trimEnd().split("\n").at(-1)).toMatch(new RegExp(`^${last},`));

    const json = JSON.parse((await saved("json")).toString());
    expect(json.config.optimizer.clipping).toEqual({ kind: "norm", maxNorm: 0.5 });
    expect(json.curves[0].step).toHaveLength(last);

    const svg = (await saved("svg")).toString();
    const parsed = await page.evaluate((text) => {
      const document = new DOMParser().parseFromString(text, "image/svg+xml");
      return {
        error: document.querySelector("parsererror")?.textContent ?? null,
        metadata: document.querySelector("metadata")?.textContent ?? "",
        curves: document.querySelectorAll("path").length,
      };
    }, svg);
    expect(parsed.error).toBeNull();
    expect(parsed.metadata).toMatch(seeds);
    expect(parsed.curves).toBeGreaterThan(8);

    const png = await saved("png");
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    expect(png.toString("utf8")).toMatch(seeds);
    // A canvas that stayed empty is a few kilobytes.
    expect(png.length).toBeGreaterThan(20_000);
    expect(playground.problems).toEqual([]);
  });

  test("over the clipboard", async () => {
    const playground = await trained();
    const { page } = playground;
    const text = await copied(page, () => chooseOf(playground, "Gradient norm", "Copy values"));
    expect(text.split("\n")[1]).toBe("step,epoch,samples,seconds,Gradient norm,Clipped steps");
    await chooseOf(playground, "Gradient norm", "Copy picture");
    await playground.until(
      () => page.evaluate(async () => (await navigator.clipboard.read()).flatMap(({ types }) => types)),
      (types) => types.includes("image/png"),
    );
  });
});

test("a plot fills the screen and comes back", async () => {
  const playground = await trained();
  const { page } = playground;
  await chooseOf(playground, "Gradient norm", "Full screen");
  const full = () => page.evaluate(() => document.fullscreenElement?.getAttribute("aria-label") ?? "");
  await playground.until(full, (label) => label === "Gradient norm");
  await playground.screenshot("plot-full");
  await chooseOf(playground, "Gradient norm", "Leave full screen");
  await playground.until(full, (label) => label === "");
});

test("the table has the values of a plot, at most 200 rows, the newest last", async () => {
  const playground = await trained();
  const { page } = playground;
  await chooseOf(playground, "Accuracy", "Table of values");
  await page.waitForSelector("dialog[open] tbody tr");
  const rows = await page.$$eval("dialog[open] tbody tr", (elements) =>
    elements.map((row) => [...row.children].map(({ textContent }) => textContent ?? "")),
  );
  expect(rows.length).toBeLessThanOrEqual(200);
  expect(Number(rows.at(-1)?.[0]?.replaceAll(",", ""))).toBe(await playground.number("Step"));
  expect(rows.at(-1)?.[2]).toBe(await playground.reading("Validation accuracy"));
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog[open]", { hidden: true });
});
