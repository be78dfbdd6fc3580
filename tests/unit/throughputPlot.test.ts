import { expect, test } from "vitest";
import { createMetrics } from "../../src/session/metrics.ts";
import { clockOf } from "../../src/ui/plots/source.ts";
import { throughput } from "../../src/ui/plots/throughput.ts";

test("a row of several steps counts the samples of all of them", () => {
  const history = createMetrics();
  const [step, zeros] = [Float64Array.of(1, 2, 4, 8), new Float64Array(4)];
  history.append({
    ...{ step, loss: zeros, gradNorm: zeros, penalty: zeros, learningRate: zeros, clipFactor: zeros },
    ...{ seconds: Float64Array.of(0.5, 0.5, 1, 2), epoch: 0, stepsPerSecond: 2, train: [], validation: [] },
  });
  const [reading] = throughput.readings;
  const series = reading?.series?.({
    ...{ history, clock: clockOf({ examples: 8, batchSize: 4, accumulation: 1 }, history), clips: false },
    ...{ clipNorm: undefined, scalesLoss: false, guess: undefined, liveBytes: undefined, overlays: [], markers: [] },
  });
  // 4 samples in half a second
  expect(Array.from({ length: 3 }, (_, index) => series?.valueAt(index + 1))).toEqual([8, 8, 8]);
});
