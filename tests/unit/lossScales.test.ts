import { describe, expect, test } from "vitest";
import { createMetrics } from "../../src/session/metrics.ts";
import type { LossScaling } from "../../src/session/protocol.ts";
import { createReporter, type Reporter } from "../../src/session/reporter.ts";
import type { StepRows } from "../../src/session/stepRows.ts";
import { lossScale } from "../../src/ui/plots/lossScale.ts";
import { thinnedBetween } from "../../src/ui/plots/plot.ts";
import { defaultSettings } from "../../src/ui/plots/plotView.ts";
import { showPlot } from "../../src/ui/plots/shown.ts";
import { clockOf, type PlotSource } from "../../src/ui/plots/source.ts";

/** A history of steps with these loss scales, of which some were skipped. */
function historyOf(scales: readonly number[], skipped: readonly number[]) {
  const history = createMetrics();
  const zeros = new Float64Array(scales.length);
  history.append({
    ...{ step: Float64Array.from(scales, (_, index) => index + 1), loss: zeros, gradNorm: zeros, penalty: zeros },
    ...{ learningRate: zeros, clipFactor: zeros, seconds: zeros, epoch: 0, stepsPerSecond: 1 },
    ...{ train: [], validation: [] },
    scaling: { changes: scales.map((lossScale, index) => ({ step: index + 1, lossScale })), skipped },
  });
  return history;
}

/** The rows of steps from `first` on with these loss scales, of which those in `skipped` were skipped. */
function rowsOf(first: number, scales: readonly number[], skipped: readonly number[] = []): StepRows {
  const zeros = new Float64Array(scales.length);
  return {
    ...{ step: zeros.map((_, index) => first + index), lossScale: Float64Array.from(scales) },
    skipped: zeros.map((_, index) => Number(skipped.includes(first + index))),
    ...{ epoch: zeros, loss: zeros, gradNorm: zeros, learningRate: zeros, penalty: zeros, clipFactor: zeros },
  };
}

describe("a reporter", () => {
  /** What it tells of loss scaling, in those messages that do. */
  function toldOf(...deeds: readonly ((reporter: Reporter) => void)[]) {
    const told: LossScaling[] = [];
    const reporter = createReporter(({ scaling }) => {
      if (scaling !== undefined) told.push(scaling);
    });
    for (const deed of deeds) {
      deed(reporter);
      reporter.flush();
    }
    return told;
  }
  const trained =
    (...rows: readonly StepRows[]) =>
    (reporter: Reporter) => {
      for (const each of rows) reporter.trained(each, 1);
    };

  test("tells the first loss scale, then only what changes, over the borders of submissions and messages", () => {
    expect(
      toldOf(trained(rowsOf(1, [8, 4], [1]), rowsOf(3, [4, 4])), trained(rowsOf(5, [4])), trained(rowsOf(6, [8]))),
    ).toEqual([
      {
        changes: [
          { step: 1, lossScale: 8 },
          { step: 2, lossScale: 4 },
        ],
        skipped: [1],
      },
      { changes: [{ step: 6, lossScale: 8 }], skipped: [] },
    ]);
  });

  test("tells the loss scale again after a way back, as the page has forgotten it", () => {
    const [, again] = toldOf(trained(rowsOf(1, [8, 4, 4])), (reporter) => {
      reporter.skipTo(1);
      reporter.trained(rowsOf(2, [4]), 1);
    });
    expect(again?.changes).toEqual([{ step: 2, lossScale: 4 }]);
  });
});

describe("what loss scaling did", () => {
  test("is kept where the scale changed and where a step was skipped", () => {
    const { scaling } = historyOf([8, 4, 4, 4, 8], [1]);
    expect(scaling.changes).toEqual([
      { step: 1, lossScale: 8 },
      { step: 2, lossScale: 4 },
      { step: 5, lossScale: 8 },
    ]);
    expect(scaling.skipped).toEqual([1]);
  });

  test("is forgotten after the step that a run goes back to, and all of it with the run", () => {
    const history = historyOf([8, 4, 4, 4, 8], [1, 4]);
    history.truncate(3);
    expect(history.scaling.changes.at(-1)).toEqual({ step: 2, lossScale: 4 });
    expect(history.scaling.skipped).toEqual([1]);
    history.clear();
    expect(history.scaling.changes).toEqual([]);
    expect(history.scaling.skipped).toEqual([]);
  });
});

test("the loss scale is drawn as stairs up to the newest step, and the skipped steps in view are marked", () => {
  const history = historyOf([8, 4, 4, 4, 8, 8, 8, 8, 8, 8, 8, 8], [1, 9]);
  const source: PlotSource = {
    ...{
      history,
      clock: clockOf({ examples: 8, batchSize: 4, accumulation: 1 }, history),
      clips: false,
      clipNorm: undefined,
    },
    ...{ scalesLoss: true, guess: undefined, liveBytes: undefined, overlays: [], markers: [] },
  };
  const all = showPlot(lossScale, source, { settings: defaultSettings, zoom: undefined, points: 100 });
  expect(all.picture.lines[0]?.x).toEqual([1, 2, 2, 5, 5, 12]);
  expect(all.picture.lines[0]?.y).toEqual([8, 8, 4, 4, 8, 8]);
  expect(all.skipped).toEqual([1, 9]);
  const late = showPlot(lossScale, source, { settings: defaultSettings, zoom: { from: 3, to: 8 }, points: 100 });
  expect(late.skipped).toEqual([]);
  expect(late.picture.lines[0]?.y).toEqual([4, 4, 8, 8]);
});

test("of many points, every so many are taken, the last one always", () => {
  expect(thinnedBetween([0, 1, 2, 3, 4, 5, 6], [0, 7], 100)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(thinnedBetween([0, 1, 2, 3, 4, 5, 6], [1, 7], 3)).toEqual([2, 4, 6]);
  expect(thinnedBetween([0, 1, 2], [1, 1], 3)).toEqual([]);
});
