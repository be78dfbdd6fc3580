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
/**
 * What else the machine does can only slow the page down: of some rounds, the first that holds says what the page can do.
 * Processor time is no protection, because what a host takes from a virtual machine counts as its thread's: 85 ms have
 * been seen of a task whose parts took 22.
 */
const ROUNDS = 5;
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
  readonly longest: Task;
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
  const partsOf = ({ ts: start, dur: length = 0 }: TraceEvent) =>
    events
      .filter(({ ts, dur = 0 }) => ts >= start && ts + dur <= start + length)
      .sort((one, other) => milliseconds(other) - milliseconds(one))
      .slice(0, 12)
      .map((part) => `${milliseconds(part).toFixed(1)} ms ${part.name} ${part.args?.data?.functionName ?? ""}`.trim());
  return events
    .filter(({ name }) => name.endsWith("::RunTask"))
    .map((task) => ({ time: milliseconds(task), parts: () => partsOf(task).join("; ") }));
}

async function measure(page: Page): Promise<Round> {
  await page.tracing.start({ categories: ["toplevel", "blink.user_timing", "devtools.timeline", "v8"] });
  await page.evaluate((mark) => performance.mark(mark), MARK);
  const redraws = await countRedraws(page);
  const { traceEvents } = JSON.parse(new TextDecoder().decode(await page.tracing.stop()));
  const tasks = tasksOf(traceEvents);
  // A page that does less has nothing to trace: the figures would be empty, not good.
  expect(tasks.length).toBeGreaterThan(FEWEST_REDRAWS * SECONDS);
  expect(redraws).toHaveLength(2);
  return { longest: tasks.reduce((one, other) => (other.time > one.time ? other : one)), redraws };
}

const isQuick = ({ longest, redraws }: Round): boolean =>
  longest.time <= LONGEST_TASK && Math.min(...redraws) >= FEWEST_REDRAWS;

test.each(["spirals", "digits"])("training %s at full speed leaves the page quick", async (preset) => {
  const playground = await stage.open(`#${encodeConfig(presetOf(preset).config)}`);
  await playground.until(
    () => playground.number("Step"),
    (step) => step > 0,
  );
  // The first second has the scripts' first runs, which the browser still compiles.
  await new Promise((wake) => setTimeout(wake, 1000));
  const before = await playground.number("Step");
  let round = await measure(playground.page);
  for (let more = 1; more < ROUNDS && !isQuick(round); more++) round = await measure(playground.page);
  const { longest, redraws } = round;
  expect(longest.time, longest.parts()).toBeLessThanOrEqual(LONGEST_TASK);
  expect(Math.min(...redraws)).toBeGreaterThanOrEqual(FEWEST_REDRAWS);
  expect(await playground.reading("Device in use")).toMatch(/^CPU/);
  expect(await playground.number("Step")).toBeGreaterThan(before);
  expect(playground.problems).toEqual([]);
});
