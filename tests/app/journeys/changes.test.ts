import { expect } from "vitest";
import type { Playground } from "../browser.ts";
import { createEverywhere } from "../everywhere.ts";
import { openCard, said, untilStep } from "./sights.ts";

const everywhere = createEverywhere();

const hash = [
  "#v=1&device=cpu&data=moons&data.size=100&model.layers=8tanh&optimizer=sgd",
  "optimizer.momentum=0.5&optimizer.weightDecay=0.001",
].join("&");

/** What can change while a run goes on: the control, its new value, and what the log says. */
const changes = [
  { name: "Learning rate", value: "0.05", label: "learning rate 0.1 → 0.05" },
  { name: "Momentum", value: "0.8", label: "momentum 0.5 → 0.8" },
  { name: "Weight decay", value: "0.01", label: "weight decay 1e−3 → 0.01" },
  { name: "Largest norm", value: "0.7", label: "clipping largest norm 1 → 0.7" },
  { name: "Dropout", value: "0.1", label: "dropout 0 → 0.1" },
  { name: "Label noise", value: "0.2", label: "label noise 0 → 0.2" },
  { name: "Examples", value: "160", label: "examples 100 → 160" },
  { name: "Noise", value: "0.3", label: "noise 0.2 → 0.3" },
];

/** Their values before, from their labels. */
const starts = new Map(changes.map(({ name, label }) => [name, / ([\d.]+) → /.exec(label)?.[1]]));

const value = ({ page }: Playground, name: string) =>
  page.$eval(`aria/${name}[role="spinbutton"]`, (field) => Number((field as HTMLInputElement).value));

/** Opens a part of an ingredient. */
async function openMore({ page }: Playground, label: string): Promise<void> {
  await page.$$eval(
    "details:not([open]) > summary",
    (summaries, start) => {
      for (const summary of summaries) if (summary.textContent?.startsWith(start)) (summary as HTMLElement).click();
    },
    label,
  );
}

/** Opens the log of changes. */
async function openLog(playground: Playground): Promise<void> {
  await playground.press('aria/Changes[role="button"]');
  await playground.page.waitForSelector('[role="dialog"][aria-label="Changes"] li');
}
const markers = ({ page }: Playground) =>
  page.$eval('figure[aria-label="Loss"] figcaption', (caption) =>
    [...(caption.textContent ?? "").matchAll(/At step ([\d,]+): (.+?)\.(?= |$)/g)].map(([, step, label]) => ({
      step: Number(step?.replaceAll(",", "")),
      label,
    })),
  );

const log = ({ page }: Playground) =>
  page.$$eval('[role="dialog"][aria-label="Changes"] li', (entries) =>
    entries.map(({ firstElementChild }) => firstElementChild?.textContent?.trim() ?? ""),
  );

everywhere(
  "settings change while a run goes on, are marked and logged, and can be taken back",
  hash,
  async (journey) => {
    const { playground, arrive } = journey;
    const { page } = playground;
    const untilValue = (name: string, wanted: string) =>
      playground.until(
        () => value(playground, name),
        (now) => now === Number(wanted),
      );
    // At full speed a run and its page share two cores on a small machine
    for (let press = 0; press < 4; press++) await page.keyboard.press(",");
    let last = await untilStep(playground, 1);
    const goesOn = async () => {
      const now = await untilStep(playground, last + 1);
      last = now;
    };
    for (const card of ["Data", "Model", "Optimizer"]) await openCard(playground, card);
    for (const more of ["Clipping", "Added noise"]) await openMore(playground, more);
    await playground.select("Clip by", "Global norm");
    for (const { name, value } of changes) {
      await playground.type(name, value);
      await untilValue(name, value);
      await goesOn();
    }
    expect(await playground.alerts()).toEqual([]);
    await playground.pause();
    const labels = ["clipping None → Global norm", ...changes.map(({ label }) => label)];
    const marked = await playground.until(
      () => markers(playground),
      (list) => list.length === labels.length,
    );
    expect(marked.map(({ label }) => label)).toEqual(labels);
    for (const [index, { step }] of marked.entries()) expect(step).toBeGreaterThanOrEqual(marked[index - 1]?.step ?? 1);
    await page.$eval('figure[aria-label="Loss"]', (plot) => plot.scrollIntoView({ block: "center" }));
    await arrive("changes-marked");

    await openLog(playground);
    expect((await log(playground)).map((entry) => entry.replace(/ at step [\d,]+$/, ""))).toEqual(labels.toReversed());
    await arrive("changes-log");
    const dialog = '[role="dialog"][aria-label="Changes"]';
    const undo = page.locator(`${dialog} ::-p-aria(Undo[role="button"])`);
    const redo = page.locator(`${dialog} ::-p-aria(Redo[role="button"])`);
    const newest = changes.toReversed();
    for (const { name } of newest.slice(0, 2)) await undo.click().then(() => untilValue(name, starts.get(name) ?? ""));
    expect(await log(playground)).toHaveLength(labels.length - 2);
    for (const { name, value } of changes.slice(-2)) await redo.click().then(() => untilValue(name, value));
    // One of them alone, below later ones that stay
    await playground.press("aria/Take back: momentum 0.5 → 0.8[role='button']");
    await untilValue("Momentum", "0.5");
    for (const { name, value } of changes.filter((change) => change.name !== "Momentum")) await untilValue(name, value);
    expect((await log(playground))[0]).toMatch(/^momentum 0\.8 → 0\.5/);
    await page.keyboard.press("Escape");
    expect(await playground.number("Step")).toBeGreaterThanOrEqual(last);
  },
);

everywhere("what cannot change while a run goes on makes another run, and offers a branch", hash, async (journey) => {
  const { playground, arrive } = journey;
  const { page } = playground;
  await playground.until(
    () => playground.number("Training loss"),
    (loss) => loss < 0.3,
  );
  await playground.pause();
  const learned = await playground.until(
    () => playground.number("Validation loss"),
    (loss) => loss > 0,
  );
  const step = await playground.reading("Step");
  await openCard(playground, "Compute");
  await playground.type("Batch size", "16");
  const offer = await page.waitForSelector('section[aria-label="Branch"]');
  const text = await offer?.evaluate(({ textContent }) => textContent);
  expect(text).toContain(`Another batch size makes another run. The weights of step ${step} are kept.`);
  await playground.until(
    () => playground.number("Validation loss"),
    (fresh) => fresh > 1.5 * learned,
  );
  expect(await playground.number("Step")).toBe(0);
  await page.waitForSelector("figure.map");
  await offer?.scrollIntoView();
  await arrive("changes-branch");
  await playground.button("Start from them").click();
  expect(
    await playground.until(
      () => playground.number("Validation loss"),
      (branched) => branched < 1.2 * learned,
    ),
  ).toBeCloseTo(learned, 3);
  expect(await said(playground)).toMatch(new RegExp(`starts from the weights of step ${step}`));
  expect(await playground.number("Step")).toBe(0);
  expect(await page.$('section[aria-label="Branch"]')).toBeNull();
  // The settings of the run before come back with its batches
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.keyboard.down("Control");
  await page.keyboard.press("z");
  await page.keyboard.up("Control");
  await playground.until(
    () => value(playground, "Batch size"),
    (size) => size === 32,
  );
});
