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

/** What a trace says. Times are microseconds; `tdur` counts only while the thread had a processor. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly data?: { readonly functionName?: string } };
}

/** A task of the page's main thread. */
interface Task {
  /** Processor milliseconds. */
  readonly time: number;
  /** What it did, longest first: for whoever has to find out why it took so long. */
  readonly parts: () => string;
}

interface Round {
  readonly tasks: readonly Task[];
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

const milliseconds = ({ tdur = 0 }: TraceEvent) => tdur / 1000;

/** The tasks of the thread that set the mark. */
function tasksOf(all: readonly TraceEvent[]): readonly Task[] {
  const mark = all.find(({ name }) => name === MARK);
  const events = all.filter(({ pid, tid }) => pid === mark?.pid && tid === mark.tid);
  // Some parts are traced without processor time
  const lengthOf = ({ tdur, dur = 0 }: TraceEvent) => (tdur ?? dur) / 1000;
  const partsOf = ({ ts: start, dur: length = 0 }: TraceEvent) =>
    events
      .filter(({ ts, dur = 0 }) => ts >= start && ts + dur <= start + length)
      .sort((one, other) => lengthOf(other) - lengthOf(one))
      .slice(0, 20)
      .map((part) => `${lengthOf(part).toFixed(1)} ms ${part.name} ${part.args?.data?.functionName ?? ""}`.trim());
  return events
    .filter(({ name }) => name.endsWith("::RunTask"))
    .map((task) => ({ time: milliseconds(task), parts: () => partsOf(task).join("; ") }));
}

async function measure(page: Page): Promise<Round> {
  await page.tracing.start({ categories: ["toplevel", "blink.user_timing", "devtools.timeline", "v8", "blink", "cc"] });
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
    const [longest] = tasks.toSorted((one, other) => other.time - one.time);
    expect(longest?.time, longest?.parts()).toBeLessThanOrEqual(LONGEST_TASK);
    slowest = Math.max(slowest, Math.min(...redraws));
  }
  expect(slowest).toBeGreaterThanOrEqual(FEWEST_REDRAWS);
  expect(await playground.reading("Device in use")).toMatch(/^CPU/);
  expect(await playground.number("Step")).toBeGreaterThan(before);
  expect(playground.problems).toEqual([]);
});
