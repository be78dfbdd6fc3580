import type { Page } from "puppeteer-core";
import { expect, test } from "vitest";
import type { Playground } from "../app/browser.ts";
import { createStage } from "../app/stage.ts";

/** Milliseconds from an interaction to the next paint, of which 95 of 100 may take this long. */
const LONGEST = 100;
const INTERACTIONS = 40;
/** What else the machine does can only make it slower: of some rounds, the best one says what the page can do. */
const ROUNDS = 3;

const stage = createStage();

/** Begins to note how long each interaction takes; see https://www.w3.org/TR/event-timing/ */
const observe = (page: Page) =>
  page.evaluate(() => {
    const longest = new Map<number, number>();
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { readonly interactionId: number })[]) {
        if (entry.interactionId === 0) continue;
        longest.set(entry.interactionId, Math.max(longest.get(entry.interactionId) ?? 0, entry.duration));
      }
    });
    observer.observe({ type: "event", durationThreshold: 16, buffered: false } as PerformanceObserverInit);
    Object.assign(globalThis, { interactions: longest });
  });

const durations = (page: Page): Promise<number[]> =>
  page.evaluate(() => [...(globalThis as unknown as { interactions: Map<number, number> }).interactions.values()]);

/** Sliders, cards, menus and steps of the picture, as a person would use them in a minute. */
async function interact({ page, button, control }: Playground, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    const kind = index % 4;
    if (kind === 0) await button("Speed and limits").click();
    else if (kind === 1) await page.keyboard.press("Escape");
    else if (kind === 2) await control("Learning rate slider", "slider").click();
    else await page.keyboard.press(index % 8 === 3 ? "ArrowLeft" : "ArrowRight");
  }
}

test("an interaction is painted within 100 ms while the run trains at full speed, 95 times of 100", async () => {
  const playground = await stage.open();
  await playground.until(
    () => playground.number("Step"),
    (step) => step > 0,
  );
  await interact(playground, 4);
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS && best > LONGEST; round++) {
    await observe(playground.page);
    await interact(playground, INTERACTIONS);
    const measured = await playground.until(
      () => durations(playground.page),
      (all) => all.length >= INTERACTIONS / 2,
    );
    const sorted = measured.sort((a, b) => a - b);
    best = Math.min(best, sorted[Math.ceil(0.95 * sorted.length) - 1] ?? best);
  }
  expect(best).toBeLessThanOrEqual(LONGEST);
  expect(await playground.reading("Device in use")).toMatch(/^CPU/);
});
