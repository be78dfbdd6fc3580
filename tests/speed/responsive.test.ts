import type { Page } from "puppeteer-core";
import { expect, test } from "vitest";
import { presetOf } from "../../src/session/presets/index.ts";
import { encodeConfig } from "../../src/session/url.ts";
import { createStage } from "../app/stage.ts";

/** Milliseconds of processor time that one task of the page's main thread may take, as for a "long task" of browsers. */
const LONGEST_TASK = 50;
/** Redraws of each large plot per second; the small ones take turns. */
const FEWEST_REDRAWS = 30;
const SECONDS = 10;
/** What else the machine does can only slow drawing down: of some rounds, the best one says what the page can do. */
const ROUNDS = 3;
const MARK = "responsive";

/** What a trace says about a task. Times are microseconds; `tdur` counts only while the thread had a processor. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ph: string;
  readonly dur?: number;
  readonly tdur?: number;
}

interface Round {
  /** Processor milliseconds of each task of the page's main thread. */
  readonly tasks: readonly number[];
  /** Frames per second in which each plot was drawn. */
  readonly redraws: readonly number[];
}

const stage = createStage();

/** Counts for each plot the frames in which it is cleared for a new drawing. */
const countRedraws = (page: Page) =>
  page.evaluate((seconds) => {
    const frames = new Map<HTMLCanvasElement, Set<unknown>>();
    for (const canvas of document.querySelectorAll<HTMLCanvasElement>(".plot:not(.small) canvas")) {
      frames.set(canvas, new Set());
    }
    const { clearRect } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.clearRect = function (...box) {
      frames.get(this.canvas)?.add(document.timeline.currentTime);
      clearRect.apply(this, box);
    };
    return new Promise<number[]>((resolve) => {
      setTimeout(() => {
        CanvasRenderingContext2D.prototype.clearRect = clearRect;
        resolve([...frames.values()].map(({ size }) => size / seconds));
      }, 1000 * seconds);
    });
  }, SECONDS);

/** The tasks of the thread that set the mark. */
function tasksOf(events: readonly TraceEvent[]): readonly number[] {
  const mark = events.find(({ name }) => name === MARK);
  return events
    .filter(({ name, pid, tid }) => name.endsWith("::RunTask") && pid === mark?.pid && tid === mark.tid)
    .map(({ tdur = 0 }) => tdur / 1000);
}

async function measure(page: Page): Promise<Round> {
  await page.tracing.start({ categories: ["toplevel", "blink.user_timing"] });
  await page.evaluate((mark) => performance.mark(mark), MARK);
  const redraws = await countRedraws(page);
  const { traceEvents } = JSON.parse(new TextDecoder().decode(await page.tracing.stop()));
  return { tasks: tasksOf(traceEvents), redraws };
}

test.each(["spirals", "digits"])("training %s at full speed leaves the page quick", async (preset) => {
  const playground = await stage.open(`#${encodeConfig(presetOf(preset).config)}`);
  await playground.until(
    () => playground.number("Step"),
    (step) => step > 0,
  );
  // The first second has the scripts' first runs, which the browser still compiles.
  await new Promise((wake) => setTimeout(wake, 1000));
  const before = await playground.number("Step");
  let slowest = 0;
  for (let round = 0; round < ROUNDS && slowest < FEWEST_REDRAWS; round++) {
    const { tasks, redraws } = await measure(playground.page);
    // A page that does less has nothing to trace: the figures would be empty, not good.
    expect(tasks.length).toBeGreaterThan(FEWEST_REDRAWS * SECONDS);
    expect(redraws).toHaveLength(2);
    expect(Math.max(...tasks)).toBeLessThanOrEqual(LONGEST_TASK);
    slowest = Math.max(slowest, Math.min(...redraws));
  }
  expect(slowest).toBeGreaterThanOrEqual(FEWEST_REDRAWS);
  expect(await playground.reading("Device in use")).toMatch(/^CPU/);
  expect(await playground.number("Step")).toBeGreaterThan(before);
  expect(playground.problems).toEqual([]);
});
