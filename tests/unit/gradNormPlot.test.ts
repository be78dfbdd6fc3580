import { expect, test } from "vitest";
import { createMetrics } from "../../src/session/metrics.ts";
import { gradNorm } from "../../src/ui/plots/gradNorm.ts";
import { clockOf, type PlotSource } from "../../src/ui/plots/source.ts";

const noReadings = {
  ...{ epoch: undefined, loss: undefined, gradNorm: undefined, learningRate: undefined, stepsPerSecond: undefined },
  ...{ train: undefined, validation: undefined },
};

/** What the plot reads of a run whose gradients were clipped, or not, by these factors. */
function readingsOf(factors: readonly number[], clipping: Pick<PlotSource, "clips" | "clipNorm">) {
  const history = createMetrics();
  const zeros = new Float64Array(factors.length);
  history.append({
    ...{ step: Float64Array.from(factors, (_, index) => index + 1), loss: zeros, gradNorm: zeros, penalty: zeros },
    ...{ learningRate: zeros, clipFactor: Float64Array.from(factors), seconds: zeros, epoch: 0, stepsPerSecond: 1 },
    ...{ train: [], validation: [] },
  });
  const source: PlotSource = {
    ...{ history, clock: clockOf({ examples: 8, batchSize: 4, accumulation: 1 }, history), ...clipping },
    ...{ scalesLoss: false, guess: undefined, liveBytes: undefined, overlays: [], markers: [] },
  };
  const applying = gradNorm.readings.filter(({ applies }) => applies?.(source) !== false);
  return Object.fromEntries(applying.slice(1).map(({ name, value }) => [name, value(noReadings, source)]));
}

test("clipping by norm shows how many steps were clipped, and clipping by value also how many elements", () => {
  const factors = [1, 0.5, 0.875, 0.75];
  expect(readingsOf(factors, { clips: true, clipNorm: 1 })).toEqual({ "Clipped steps": 0.75 });
  expect(readingsOf(factors, { clips: true, clipNorm: undefined })).toEqual({
    "Clipped steps": 0.75,
    "Clipped elements": 0.25,
  });
  expect(readingsOf(factors, { clips: false, clipNorm: undefined })).toEqual({});
});
