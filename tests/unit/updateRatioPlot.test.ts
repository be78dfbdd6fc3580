import { expect, test } from "vitest";
import { histogramOf } from "../../src/session/measurements.ts";
import { createMetrics } from "../../src/session/metrics.ts";
import { clockOf, type PlotSource } from "../../src/ui/plots/source.ts";
import { updateRatio } from "../../src/ui/plots/updateRatio.ts";

const noReadings = {
  ...{ epoch: undefined, loss: undefined, gradNorm: undefined, learningRate: undefined, stepsPerSecond: undefined },
  ...{ train: undefined, validation: undefined },
};
const none = histogramOf(new Float32Array());

/** The newest reading of the plot, of tensors of these lengths and with these ratios. */
function readingOf(tensors: readonly { readonly weightNorm: number; readonly updateRatio?: number }[]) {
  const history = createMetrics();
  history.measure({
    ...{ step: 1, layers: [] },
    tensors: tensors.map((tensor, index) => ({
      ...{ name: `layers.${index}.weight`, gradNorm: 1, weights: none, gradients: none },
      ...tensor,
    })),
  });
  const source: PlotSource = {
    ...{ history, clock: clockOf({ examples: 8, batchSize: 4, accumulation: 1 }, history) },
    ...{ clips: false, clipNorm: undefined, scalesLoss: false, guess: undefined, liveBytes: undefined },
    ...{ overlays: [], markers: [] },
  };
  return updateRatio.readings[0]?.value(noReadings, source);
}

test("the ratio of all tensors is that of their lengths together", () => {
  const all = [
    { weightNorm: 3, updateRatio: 0.01 },
    { weightNorm: 4, updateRatio: 0.02 },
  ];
  expect(readingOf(all)).toBeCloseTo(Math.hypot(0.03, 0.08) / 5, 12);
});

test("tensors that were all 0 do not count, with an update and without one", () => {
  const weight = { weightNorm: 2, updateRatio: 0.01 };
  expect(readingOf([weight, { weightNorm: 0.1, updateRatio: Number.POSITIVE_INFINITY }])).toBeCloseTo(0.01, 12);
  expect(readingOf([weight, { weightNorm: 0, updateRatio: Number.NaN }])).toBeCloseTo(0.01, 12);
  expect(readingOf([{ weightNorm: 0, updateRatio: Number.NaN }])).toBeUndefined();
  expect(readingOf([{ weightNorm: 1 }])).toBeUndefined();
});
