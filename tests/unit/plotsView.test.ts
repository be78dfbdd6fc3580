import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMetrics } from "../../src/session/metrics.ts";
import { createPlotView, defaultSettings, settingsFrom, zoomWithin } from "../../src/ui/plots/plotView.ts";
import { clockOf } from "../../src/ui/plots/source.ts";
import { formatSeconds, formatTick, stepAt, xAxes } from "../../src/ui/plots/xAxes.ts";

describe("kept settings", () => {
  test("come back as they were", () => {
    const settings = { x: "time", logX: true, logY: false, smoothing: 0.9, clipOutliers: true, more: true } as const;
    expect(settingsFrom(JSON.stringify(settings))).toEqual(settings);
  });

  test("that somebody spoilt are the defaults, field by field", () => {
    for (const text of [
      null,
      "",
      "{",
      "null",
      "[]",
      '{"x":"toString","smoothing":2,"logY":1}',
      '{"smoothing":"0.5"}',
    ]) {
      expect(settingsFrom(text)).toEqual(defaultSettings);
    }
    expect(settingsFrom('{"x":"epoch","smoothing":-1}')).toEqual({ ...defaultSettings, x: "epoch" });
  });
});

describe("a zoom", () => {
  test("lies inside the run, keeps its length where it can, and is none when it is all of it", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.integer({ min: 10, max: 1_000_000 }),
        (from, to, lastStep) => {
          const zoom = zoomWithin({ from, to }, lastStep);
          if (zoom === undefined) {
            expect(Math.abs(to - from)).toBeGreaterThanOrEqual(lastStep);
            return;
          }
          expect(zoom.from).toBeGreaterThanOrEqual(0);
          expect(zoom.to).toBeLessThanOrEqual(lastStep);
          // Both ends are rounded to whole steps.
          expect(zoom.to - zoom.from).toBeGreaterThanOrEqual(Math.max(4, Math.abs(to - from)) - 1);
        },
      ),
    );
  });

  test("in and out again around the same step shows all", () => {
    const view = createPlotView();
    view.zoomBy(0.5, 250, 1000);
    expect(view.zoom()).toEqual({ from: 125, to: 625 });
    view.zoomBy(2, 250, 1000);
    expect(view.zoom()).toBeUndefined();
  });

  test("moves along the run and stops at its end", () => {
    const view = createPlotView();
    view.zoomTo({ from: 100, to: 300 }, 1000);
    view.pan(0.5, 1000);
    expect(view.zoom()).toEqual({ from: 200, to: 400 });
    view.pan(10, 1000);
    expect(view.zoom()).toEqual({ from: 800, to: 1000 });
  });
});

test("a pinned crosshair does not follow the pointer, and does again once it is free", () => {
  const view = createPlotView();
  view.hover(5);
  expect(view.cursor()).toEqual({ step: 5, pinned: false });
  view.pin(7);
  view.hover(9);
  view.hover(undefined);
  expect(view.cursor()).toEqual({ step: 7, pinned: true });
  view.unpin();
  view.hover(9);
  expect(view.cursor()?.step).toBe(9);
});

describe("the x axis", () => {
  const history = createMetrics();
  history.append({
    ...{ step: Float64Array.of(1, 2, 3, 4), loss: new Float64Array(4), gradNorm: new Float64Array(4) },
    ...{ learningRate: new Float64Array(4), penalty: new Float64Array(4), clipFactor: new Float64Array(4) },
    ...{ seconds: Float64Array.of(1, 1, 2, 4), epoch: 0, stepsPerSecond: 1, train: [], validation: [] },
  });
  // Ten examples in batches of 4, 4 and 2.
  const clock = clockOf({ examples: 10, batchSize: 4, accumulation: 1 }, history);

  test("counts the examples of short last batches, also with accumulation", () => {
    expect([0, 1, 2, 3, 4].map(clock.samplesAt)).toEqual([0, 4, 8, 10, 14]);
    expect(clock.epochsAt(3)).toBe(1);
    const accumulated = clockOf({ examples: 10, batchSize: 4, accumulation: 2 }, history);
    expect([1, 2, 3].map(accumulated.samplesAt)).toEqual([8, 14, 20]);
  });

  test("has the seconds of training, and goes on at the mean pace after the newest step", () => {
    expect([0, 1, 3, 4].map(clock.secondsAt)).toEqual([0, 1, 4, 8]);
    expect(clock.secondsAt(8)).toBe(16);
  });

  test.each(Object.values(xAxes))("$label finds each step again", (axis) => {
    const xAt = (step: number) => axis.at(step, clock);
    for (const step of [0, 1, 2, 3, 4]) expect(stepAt(xAt(step), xAt, 4)).toBe(step);
  });

  test("writes large numbers and times short", () => {
    expect([2500, 60_000, 1_234_567, 0.05, 1e17].map(formatTick)).toEqual(["2,500", "60k", "1.23M", "0.05", "1e17"]);
    expect([5, 150, 3750].map(formatSeconds)).toEqual(["5\u2009s", "2:30", "1:02:30"]);
  });
});
