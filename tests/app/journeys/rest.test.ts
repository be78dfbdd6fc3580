import type { Page } from "puppeteer-core";
import { expect } from "vitest";
import type { Playground } from "../browser.ts";
import { createEverywhere } from "../everywhere.ts";
import { results, said } from "./sights.ts";

const everywhere = createEverywhere();

/** The ground of the page, and what the picture of the task has drawn. */
const look = ({ page }: Playground) =>
  page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>("figure.map canvas");
    return { paper: getComputedStyle(document.body).backgroundColor, picture: canvas?.toDataURL() ?? "" };
  });

/** Whether a colour is nearer to black than to white. */
const isDark = (color: string): boolean => {
  const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map(Number);
  return red + green + blue < 3 * 128;
};

everywhere(
  "a first visit sees a network learn by itself, and can look at it in the other theme",
  "",
  async (journey) => {
    const { playground, arrive, arriveAsItIs, look: shown } = journey;
    const { page } = playground;
    await playground.until(
      () => results(playground, "Accuracy"),
      ({ validation }) => validation >= 90,
    );
    expect(await said(playground)).toMatch(/Training loss .+, validation loss .+ right\)/);
    expect(await page.$$("dialog[open], :popover-open")).toHaveLength(0);
    expect(await playground.alerts()).toEqual([]);
    await playground.pause();
    await page.waitForSelector('aria/Decision boundary[role="figure"]');
    await arrive("first-visit");
    await playground.press('aria/About this preset[role="button"]');
    await page.waitForSelector("::-p-text(Three arms wound around each other)");
    await arrive("first-visit-about");
    await page.keyboard.press("Escape");

    const before = await look(playground);
    expect(isDark(before.paper)).toBe(shown.theme === "dark");
    await playground.button("Switch between light and dark").click();
    const after = await playground.until(
      () => look(playground),
      ({ picture }) => picture !== before.picture,
    );
    expect(isDark(after.paper)).toBe(shown.theme === "light");
    await arriveAsItIs("first-visit-switched");
    await page.reload();
    await playground.button("Step").waitHandle();
    expect((await look(playground)).paper).toBe(after.paper);
  },
);

interface Stop {
  readonly name: string;
  readonly isVisible: boolean;
  readonly hasRing: boolean;
  readonly top: number;
}

/** What has the focus: whether one sees it, and sees that it has it. Nothing has it at the ends of the page. */
const stopOf = (page: Page): Promise<Stop | undefined> =>
  page.evaluate(async () => {
    // Who presses keys sees where they are: what comes into view with the focus, a plot, is drawn in these frames
    const frame = () => new Promise((drawn) => requestAnimationFrame(drawn));
    await frame();
    await frame();
    const element = document.activeElement;
    if (element === null || element === document.body) return undefined;
    // A radio button lies invisible over its label, which wears the ring.
    const ringed = getComputedStyle(element).opacity === "0" ? (element.parentElement ?? element) : element;
    const { outlineStyle, outlineWidth } = getComputedStyle(ringed);
    const hasRing = outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
    const { left, top, width, height } = element.getBoundingClientRect();
    const at = document.elementFromPoint(left + width / 2, top + Math.min(height / 2, 20));
    const isVisible = at !== null && (element.contains(at) || at.contains(element) || element.parentElement === at);
    const { ariaLabel, id } = element as HTMLElement;
    const label = id === "" ? null : document.querySelector(`label[for="${id}"]`);
    return {
      name: ariaLabel ?? label?.textContent ?? element.textContent?.trim() ?? "",
      isVisible,
      hasRing,
      top: top + scrollY,
    };
  });

/** All stops from the start of the page to its end. */
async function tabThrough(page: Page): Promise<readonly Stop[]> {
  const stops: Stop[] = [];
  // More would be a trap
  while (stops.length < 400) {
    await page.keyboard.press("Tab");
    const stop = await stopOf(page);
    if (stop === undefined) break;
    stops.push(stop);
  }
  return stops;
}

const names = (stops: readonly Stop[], holds: (stop: Stop) => boolean): readonly string[] =>
  stops.filter(holds).map(({ name }) => name);

/** Opens something by its button and the keyboard alone, and closes it again. */
async function opensAndCloses({ page }: Playground, name: string, opened: string): Promise<void> {
  await page.focus(`aria/${name}[role="button"]`);
  await page.keyboard.press("Enter");
  await page.waitForSelector(opened);
  await page.keyboard.press("Escape");
  await page.waitForSelector(opened, { hidden: true });
  const focused = await page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "");
  expect(focused, "has the focus again").toBe(name);
}

const still = "#v=1&device=cpu&data.size=200&model.layers=8tanh-8tanh&stopping.steps=100";

everywhere("the whole page is reached, seen and left with the keyboard alone", still, async ({ playground, look }) => {
  const { page } = playground;
  await playground.untilEnded(100);
  const stops = await tabThrough(page);
  expect(stops.length, "stops until the end of the page").toBeLessThan(400);
  expect(stops.length).toBeGreaterThan(40);
  expect(names(stops, ({ isVisible }) => !isVisible)).toEqual([]);
  expect(names(stops, ({ hasRing }) => !hasRing)).toEqual([]);
  const placeOf = (wanted: RegExp) => stops.findIndex(({ name }) => wanted.test(name));
  const order = [/^Preset$/, /^Play$/, /^Go back to step 0/, /^Loss: place on the curve/, /^Name of /].map(placeOf);
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(order[0]).toBeGreaterThanOrEqual(0);
  // A phone has the ingredients below the curves, and keys go as the eye does
  const isPhone = look.width <= 760;
  expect(placeOf(/^Spirals data/) > placeOf(/^Loss: place/)).toBe(isPhone);

  await opensAndCloses(playground, "Speed and limits", ".transport-menu:popover-open");
  await opensAndCloses(playground, "Share", "#share:popover-open");
  await opensAndCloses(playground, "Loss menu", ".popover:popover-open");
  if (!isPhone) await opensAndCloses(playground, "Keys", "dialog.keys[open]");
});

/** What a reader has asked their system for. */
async function ask(page: Page, features: readonly { name: string; value: string }[]): Promise<void> {
  const session = await page.createCDPSession();
  await session.send("Emulation.setEmulatedMedia", { features: [...features] });
}

/** Background of what is chosen and of what is not, in the first switch of the page. */
const switchLooks = ({ page }: Playground) =>
  page.$$eval(".seg", ([first]) =>
    [true, false].map((isChecked) => {
      const labels = [...(first?.querySelectorAll("label") ?? [])];
      const label = labels.find((each) => each.querySelector("input")?.checked === isChecked);
      return label === undefined ? "" : getComputedStyle(label).backgroundColor;
    }),
  );

everywhere("nothing moves by itself for someone who has asked for that", "#v=1&device=cpu", async (journey) => {
  const {
    playground,
    arriveAsItIs,
    look: { theme },
  } = journey;
  const { page } = playground;
  await ask(page, [
    { name: "prefers-color-scheme", value: theme },
    { name: "prefers-reduced-motion", value: "reduce" },
  ]);
  await page.reload();
  await page.waitForFunction(() => /Ready\./.test(document.body.innerText));
  expect(await playground.number("Step")).toBe(0);
  const durations = await page.evaluate(() =>
    [...document.querySelectorAll("*")].flatMap((element) => {
      const { transitionDuration, animationDuration } = getComputedStyle(element);
      return `${transitionDuration}, ${animationDuration}`.split(", ");
    }),
  );
  expect([...new Set(durations)]).toEqual(["0s"]);
  await arriveAsItIs("still");
  await playground.button("Step").click();
  await playground.until(
    () => playground.number("Step"),
    (step) => step === 1,
  );
});

everywhere("a reader's own colours carry all states", still, async ({ playground, arriveAsItIs, look: { theme } }) => {
  const { page } = playground;
  await playground.untilEnded(100);
  await ask(page, [
    { name: "prefers-color-scheme", value: theme },
    { name: "forced-colors", value: "active" },
  ]);
  const [checked, unchecked] = await switchLooks(playground);
  expect(checked).not.toBe(unchecked);
  const lines = await page.$$eval(".tab", (tabs) =>
    tabs.map((tab) => [tab.querySelector("input")?.checked, getComputedStyle(tab).borderBottomColor] as const),
  );
  const [chosen] = lines.filter(([isChecked]) => isChecked);
  expect(lines.filter(([isChecked, color]) => isChecked !== true && color === chosen?.[1])).toEqual([]);
  const play = await page.$eval(".play", (button) => getComputedStyle(button).backgroundColor);
  expect(play).not.toBe(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
  await arriveAsItIs("forced-colors");
});
