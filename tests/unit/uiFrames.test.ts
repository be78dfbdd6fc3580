import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createFrameQueue } from "../../src/ui/frames.ts";

/** A screen of 62.5 frames per second: whole milliseconds keep the clock exact. */
const FRAME = 16;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"], now: 0 });
  vi.stubGlobal("requestAnimationFrame", (run: () => void) => setTimeout(run, FRAME - (performance.now() % FRAME)));
  vi.stubGlobal("cancelAnimationFrame", (handle: number) => clearTimeout(handle));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Pushes a number every 5 ms for a while; what was handed on together, with its time. */
function feed(milliseconds: number, work: (items: readonly number[]) => readonly number[] = () => []) {
  const handed: { readonly at: number; readonly items: readonly number[] }[] = [];
  const queue = createFrameQueue<number>((items) => {
    handed.push({ at: performance.now(), items });
    return work(items);
  });
  for (let time = 0; time < milliseconds; time += 5) {
    queue.push(time);
    vi.advanceTimersByTime(5);
  }
  vi.advanceTimersByTime(1000);
  return handed;
}

test("what arrives all the time is handed on forty times a second, whole and in order", () => {
  const handed = feed(1000);
  expect(handed.length).toBeGreaterThanOrEqual(39);
  expect(handed.length).toBeLessThanOrEqual(41);
  expect(handed.flatMap(({ items }) => items)).toEqual(Array.from({ length: 200 }, (_, index) => 5 * index));
});

test("what is left comes first in the very next frame", () => {
  const handed = feed(300, (items) => (items.length > 1 ? items.slice(-1) : []));
  for (const [index, { at, items }] of handed.entries()) {
    const next = handed[index + 1];
    if (items.length < 2 || next === undefined) continue;
    expect(next.at - at).toBe(FRAME);
    expect(next.items[0]).toBe(items.at(-1));
  }
});

test("the page rests as long as it worked", () => {
  const handed = feed(1000, () => {
    vi.setSystemTime(Date.now() + 60);
    vi.advanceTimersByTime(60);
    return [];
  });
  const gaps = handed.slice(1).map(({ at }, index) => at - (handed[index]?.at ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(120);
});

test("nothing is handed on after stop", () => {
  const handle = vi.fn(() => []);
  const queue = createFrameQueue<number>(handle);
  queue.push(1);
  queue.stop();
  queue.push(2);
  vi.advanceTimersByTime(1000);
  expect(handle).not.toHaveBeenCalled();
});
