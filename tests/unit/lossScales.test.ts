import { describe, expect, test } from "vitest";
import { createMetrics } from "../../src/session/metrics.ts";
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
    scaling: { lossScale: Float64Array.from(scales), skipped: Float64Array.from(skipped) },
  });
  return history;
}

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
