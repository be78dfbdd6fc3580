import { expect } from "vitest";
import type { Playground } from "../browser.ts";
import { createEverywhere } from "../everywhere.ts";
import { createSaving } from "../saving.ts";
import { untilSaid, untilStep } from "./sights.ts";

const everywhere = createEverywhere();

const EXAMPLES = 80;
/** A network that is too large for its few noisy points, so that it overfits, with a gradient that is clipped. */
const overfitting = [
  `#v=1&device=cpu&data=moons&data.size=${EXAMPLES}&data.noise=0.4&data.train=0.5&data.validation=0.5`,
  "model.layers=16relu-16relu&batchSize=16&optimizer.clipping=norm&optimizer.clipping.maxNorm=0.3",
].join("&");

const figure = (plot: string) => `figure[aria-label="${plot}"]`;
const slider = (plot: string) => `[role="slider"][aria-label="${plot}: place on the curve"]`;

/** What the curve's cursor says. */
const spoken = ({ page }: Playground, plot: string): Promise<string> =>
  page.$eval(slider(plot), (element) => element.getAttribute("aria-valuetext") ?? "");

/** A number behind some words: "step 1,240", "training loss 0.310". */
const numberAfter = (words: string, text: string): number =>
  Number(
    new RegExp(`${words} (−?[\\d.,]+(e[−-]?\\d+)?)`, "i").exec(text)?.[1]?.replaceAll(",", "").replaceAll("−", "-"),
  );

/** The plot in words, for those who do not see it. */
const summary = ({ page }: Playground, plot: string): Promise<string> =>
  page.$eval(`${figure(plot)} figcaption`, (caption) => caption.textContent ?? "");

/** Scrolls to a plot, which is drawn once it is in view. */
async function scrollTo({ page }: Playground, plot: string): Promise<void> {
  await page.waitForSelector(figure(plot));
  await page.$eval(figure(plot), (element) => element.scrollIntoView());
  await page.waitForSelector(`${figure(plot)} canvas`);
}

/** Chooses an entry of a plot's menu. */
async function chooseOf(playground: Playground, plot: string, entry: string): Promise<void> {
  await playground.press(`aria/${plot} menu[role="button"]`);
  await playground.press(`:popover-open ::-p-aria(${entry}[role="button"])`);
}

/** Saves plots as a person would, and reads the files. */
async function savingOf(playground: Playground) {
  const save = await createSaving(playground.page);
  return async (plot: string, kind: string): Promise<Buffer> => {
    const press = () => chooseOf(playground, plot, `Save ${kind.toUpperCase()}`);
    return (await save(kind, press)).bytes;
  };
}

/** A picture as it was saved, which is drawn like the one on screen. */
class Drawing {
  readonly #svg: string;
  constructor(svg: Buffer) {
    this.#svg = svg.toString();
  }

  get texts(): readonly string[] {
    return [...this.#svg.matchAll(/<text[^>]*>([^<]*)/g)].map(([, text = ""]) => text);
  }

  /** Lines of so many pixels, with their opacity. */
  lines(width: number, opacity = 1): number {
    return this.#svg.split(`stroke-width="${width}" stroke-opacity="${opacity}"`).length - 1;
  }

  /** Tinted areas. */
  areas(opacity: number): number {
    return this.#svg.split(`fill-opacity="${opacity}"`).length - 1;
  }

  /** The value at the top of a linear y axis, from the places of its numbers. */
  get top(): number {
    const ticks = [...this.#svg.matchAll(/<text x="[\d.]+" y="([\d.]+)"[^>]*text-anchor="end">([\d.]+)<\/text>/g)];
    const [low, high] = [ticks[0], ticks.at(-1)].map((tick) => ({ y: Number(tick?.[1]), value: Number(tick?.[2]) }));
    if (low === undefined || high === undefined) return Number.NaN;
    return high.value + ((high.y - frameTop) * (high.value - low.value)) / (low.y - high.y);
  }
}

/** About where the frame of a saved picture begins, in its pixels. */
const frameTop = 50;

everywhere("someone reads every plot of a run that overfits", `${overfitting}&stopping.seconds=1`, async (journey) => {
  const { playground, arrive } = journey;
  await scrollTo(playground, "Update/weight");
  // From its start on with these plots in view: they are measured for those who look.
  await playground.button("Reset").click();
  await playground.until(
    () => playground.number("Step"),
    (step) => step === 0,
  );
  await playground.button("Play").click();
  await untilSaid(playground, /Stopped after 1 s of training/);
  await playground.button("Play").waitHandle();
  const steps = await playground.number("Step");

  await scrollTo(playground, "Loss");
  await arrive("plots-read");
  const loss = await summary(playground, "Loss");
  expect(numberAfter("At step", loss)).toBe(steps);
  const best = numberAfter("Lowest validation loss", loss);
  expect(numberAfter("Training loss", loss)).toBeLessThan(best);
  expect(best).toBeLessThanOrEqual(numberAfter("Validation loss", loss));

  const save = await savingOf(playground);
  const drawnLoss = new Drawing(await save("Loss", "svg"));
  expect(drawnLoss.texts).toContainEqual(expect.stringMatching(/^best \d/));
  // The envelope of the batches and the gap; behind the smoothed curve the raw one.
  expect(drawnLoss.areas(0.1)).toBe(2);
  expect(drawnLoss.lines(1, 0.25)).toBe(1);

  expect(await playground.reading("Clipped steps")).toMatch(/^\d+\.\d\u2009%$/);
  const drawnNorm = new Drawing(await save("Gradient norm", "svg"));
  expect(drawnNorm.texts).toContain("clip 0.3");
  // A faint line for each layer.
  expect(drawnNorm.lines(1, 0.5)).toBe(3);
  expect(drawnNorm.areas(0.1)).toBe(1);

  await playground.press("summary ::-p-text(More plots)");
  await scrollTo(playground, "Memory");
  expect(await playground.reading("Training accuracy")).toMatch(/\d\u2009%$/);
  expect(numberAfter("Validation accuracy", await summary(playground, "Accuracy"))).toBeGreaterThan(50);
  expect(await playground.reading("Learning rate now")).toBe("0.01");
  expect(await playground.number("Update to weight ratio")).toBeGreaterThan(0);
  expect(await playground.reading("Samples per second")).toMatch(/^[\d,.]+k?$/);
  expect(await playground.reading("Device memory")).toMatch(/^\d+\u2009kB$/);
  const ratio = new Drawing(await save("Update/weight", "svg"));
  expect(ratio.areas(0.06)).toBe(1);
  await arrive("plots-more");
});

everywhere(
  "someone sets the axes, and what they see of it stays",
  `${overfitting}&stopping.steps=400`,
  async (journey) => {
    const { playground, arrive } = journey;
    const { page } = playground;
    await playground.untilEnded(400);
    await scrollTo(playground, "Loss");
    const save = await savingOf(playground);
    const draw = async (plot: string) => new Drawing(await save(plot, "svg"));

    await playground.choose("Y axis", "Linear");
    await page.focus('[aria-label="Smoothing"]');
    await page.keyboard.press("Home");
    // Nothing is smoothed, so that there is no raw curve behind the smooth one.
    expect((await draw("Loss")).lines(1, 0.25)).toBe(0);
    const linear = await draw("Gradient norm");
    await playground.press('aria/Axes and zoom[role="button"]');
    await playground.press("aria/Leave out outliers");
    await arrive("plots-options");
    await page.keyboard.press("Escape");
    const clipped = await draw("Gradient norm");
    expect(clipped.top).toBeLessThan(linear.top);

    await page.focus(slider("Loss"));
    await page.keyboard.press("End");
    const places: Record<string, string> = {};
    for (const unit of ["epoch", "samples", "time"]) {
      await playground.select("X axis", unit);
      places[unit] = await playground.until(
        () => spoken(playground, "Gradient norm"),
        (text) => !text.startsWith("step") && !Object.values(places).includes(text),
      );
    }
    // 40 examples in batches of 16 are three steps an epoch.
    expect(numberAfter("epoch", places.epoch ?? "")).toBeCloseTo(400 / 3, 0);
    expect(Number(/^([\d,]+) samples/.exec(places.samples ?? "")?.[1]?.replace(",", ""))).toBe(133 * 40 + 16);
    expect(places.time).toMatch(/^after [\d.]+\u2009m?s/);
    await playground.select("X axis", "step");
    await playground.press('aria/Axes and zoom[role="button"]');
    await playground.press("aria/Log x axis");
    await page.keyboard.press("Escape");
    expect((await draw("Loss")).texts).toEqual(expect.arrayContaining(["1", "10", "100", "step"]));
    await arrive("plots-log");
  },
);

everywhere(
  "someone points, pins and zooms, by hand and by keys, while the run goes on",
  overfitting,
  async (journey) => {
    const { playground, arrive } = journey;
    const { page } = playground;
    await untilStep(playground, 300);
    await playground.pause();
    await scrollTo(playground, "Loss");
    const last = await playground.number("Step");
    const placeOf = async (plot: string) => numberAfter("^step", await spoken(playground, plot));
    const endsInView = async () => {
      await page.focus(slider("Loss"));
      await page.keyboard.press("Home");
      const first = await placeOf("Loss");
      await page.keyboard.press("End");
      return [first, await placeOf("Loss")];
    };

    // The cursor goes by keys, and stands at the same step in all plots, whose readings follow it.
    await page.focus(slider("Loss"));
    await page.keyboard.press("Home");
    for (let turn = 0; turn < 3; turn++) await page.keyboard.press("PageUp");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Space");
    const pinned = await placeOf("Loss");
    expect(pinned).toBeGreaterThan(0);
    expect(pinned).toBeLessThan(last);
    expect(await placeOf("Gradient norm")).toBe(pinned);
    expect(await playground.number("Training loss")).toBe(
      numberAfter("training loss", await spoken(playground, "Loss")),
    );
    await page.$eval(slider("Loss"), (element) => (element as HTMLElement).blur());
    expect(await placeOf("Learning rate")).toBe(pinned);
    await arrive("plots-pinned");

    // By keys around the pin, and by a drag; the range stays while the run goes on.
    await page.focus(slider("Loss"));
    await page.keyboard.press("+");
    const [from = 0, to = 0] = await endsInView();
    expect(to - from).toBeLessThan(0.6 * last);
    await page.keyboard.press("0");
    const box = await (await page.waitForSelector(slider("Loss")))?.boundingBox();
    if (box == null) throw new Error("got no box");
    await page.mouse.move(box.x + 0.25 * box.width, box.y + 0.5 * box.height);
    await page.mouse.down();
    await page.mouse.move(box.x + 0.5 * box.width, box.y + 0.5 * box.height, { steps: 3 });
    await page.mouse.up();
    const zoomed = await endsInView();
    expect(zoomed[0]).toBeGreaterThan(0.15 * last);
    expect(zoomed[1]).toBeLessThan(0.6 * last);
    await arrive("plots-zoomed");
    await playground.button("Play").click();
    await untilStep(playground, last + 200);
    await playground.pause();
    expect(await endsInView()).toEqual(zoomed);
    await playground.press('aria/Reset zoom[role="button"]');
    const newest = await playground.number("Step");
    // Where it is out of view, it is drawn a frame after it has the focus.
    await playground.until(endsInView, ([, end]) => end === newest);
  },
);

everywhere(
  "someone takes a plot along, as table, picture and file",
  `${overfitting}&stopping.steps=100`,
  async (journey) => {
    const { playground, arrive } = journey;
    const { page } = playground;
    await playground.untilEnded(100);
    await scrollTo(playground, "Gradient norm");
    await playground.press('aria/Gradient norm menu[role="button"]');
    await arrive("plots-menu");
    await page.keyboard.press("Escape");

    const save = await savingOf(playground);
    const json = JSON.parse((await save("Gradient norm", "json")).toString());
    expect(json.config.optimizer.clipping).toEqual({ kind: "norm", maxNorm: 0.3 });
    expect(Object.keys(json.seeds)).toEqual(["data", "model", "order"]);
    expect(json.curves[0].value).toHaveLength(100);
    const png = await save("Gradient norm", "png");
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    expect(png.toString("utf8")).toContain('"maxNorm":0.3');

    await chooseOf(playground, "Gradient norm", "Table of values");
    await page.waitForSelector("dialog[open] tbody tr");
    await arrive("plots-table");
    const rows = await page.$$eval("dialog[open] tbody tr", (all) =>
      all.map(({ children }) => [...children].map(({ textContent }) => textContent ?? "")),
    );
    expect(rows.map(([step]) => step)).toEqual(Array.from({ length: 100 }, (_, index) => String(index + 1)));
    expect(Number(rows.at(-1)?.[1])).toBeCloseTo(json.curves[0].value[99], 3);
    await playground.button("Close").click();
    await page.waitForSelector("dialog[open]", { hidden: true });

    await chooseOf(playground, "Gradient norm", "Full screen");
    await page.waitForSelector(`${figure("Gradient norm")}:fullscreen`);
    await arrive("plots-full");
    await chooseOf(playground, "Gradient norm", "Leave full screen");
    await page.waitForSelector(":fullscreen", { hidden: true });
  },
);

/** The scale begins far too high, and is to grow again soon. */
const half = [
  "#v=1&device=cpu&data=moons&data.size=80&precision=f16&initialLossScale=16777216&growthInterval=40",
  "model.layers=16relu-16relu&stopping.steps=300",
].join("&");

everywhere("someone sees where half precision skipped steps, and how the loss scale follows", half, async (journey) => {
  const { playground, arrive } = journey;
  await playground.untilEnded(300);
  await scrollTo(playground, "Loss scale");
  await scrollTo(playground, "Loss");
  const skipped = numberAfter("The update of", await summary(playground, "Loss"));
  expect(skipped).toBeGreaterThan(3);
  expect(await playground.number("Steps skipped")).toBe(skipped);
  await arrive("plots-skipped");
  const save = await savingOf(playground);
  const loss = JSON.parse((await save("Loss", "json")).toString());
  expect(loss.skipped).toHaveLength(skipped);
  expect(new Drawing(await save("Loss", "svg")).texts).toContain("skipped");
  const { curves } = JSON.parse((await save("Loss scale", "json")).toString());
  const scales: number[] = curves[1].value;
  expect(scales[0]).toBe(2 ** 24);
  const factors = new Set(scales.slice(1).map((scale, index) => scale / (scales[index] ?? 1)));
  expect(factors).toEqual(new Set([0.5, 2]));
  // A skipped step is said where one stands on it.
  await playground.page.focus(slider("Loss"));
  await playground.page.keyboard.press("Home");
  expect(await spoken(playground, "Loss")).toMatch(/update skipped$/);
});

everywhere(
  "someone fits a curve, and sees how much of it is explained",
  "#v=1&device=cpu&data=sine&loss=mse&stopping.steps=300",
  async (journey) => {
    const { playground, arrive } = journey;
    await playground.untilEnded(300);
    await scrollTo(playground, "Explained");
    expect(await playground.page.$(figure("Accuracy"))).toBeNull();
    expect(await playground.reading("Validation spread explained")).toMatch(/^9\d\.\d\u2009%$/);
    await arrive("plots-regression");
  },
);
