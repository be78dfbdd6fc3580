import { describe, expect, it } from "vitest";
import { createRandom } from "../../src/lib/random.ts";
import {
  gradientNoise,
  HISTOGRAM_BINS,
  histogramExponents,
  histogramOf,
  layerMeasurements,
  tensorMeasurements,
} from "../../src/session/measurements.ts";

describe("a histogram", () => {
  it("counts every finite number once, by its sign and by the exponent of its bin", () => {
    const values = Float32Array.from(histogramExponents, (exponent, bin) => (bin < 16 ? -1 : 1) * 2 ** exponent);
    expect([...histogramOf(values).counts]).toEqual(new Array(HISTOGRAM_BINS).fill(1));
    const within = values.map((value) => 3.9 * value);
    expect([...histogramOf(within).counts]).toEqual(new Array(HISTOGRAM_BINS).fill(1));
  });

  it("keeps zeros and all that is too small or too large in the bins at the ends, and numbers that are none apart", () => {
    const { counts, nonFinite } = histogramOf(Float32Array.of(0, -0, 1e-30, -1e-30, 1e30, -1e30, Number.NaN, Infinity));
    expect([counts[16], counts[15], counts[31], counts[0], nonFinite]).toEqual([3, 1, 1, 1, 2]);
  });
});

describe("measurements of tensors", () => {
  const of = (...values: readonly number[]) => new Map([["w", Float32Array.from(values)]]);

  it("have the norms of weights and gradients, and the update's norm by that of the weights before it", () => {
    const now = { weights: of(3, 4), gradients: of(0, 2) };
    const [tensor] = tensorMeasurements(now, { weights: of(3, 0), gradients: of(0, 0) });
    expect(tensor).toMatchObject({ name: "w", weightNorm: 5, gradNorm: 2, updateRatio: 4 / 3 });
    expect(tensorMeasurements(now)[0]?.updateRatio).toBeUndefined();
  });
});

describe("a layer's measurements", () => {
  it("count the units that are flat on every example, and look at no row past the last one", () => {
    // Units: flat everywhere, flat on one row, never; the third row is padding.
    const slopes = Float32Array.of(0, 0, 1, 5e-5, 1, 1, 1, 1, 1);
    const outputs = Float32Array.of(0, 0, 1, 0, 1, 1, 9, 9, 9);
    const { deadUnits, activations } = layerMeasurements({ outputs, slopes }, { rows: 2, width: 3 });
    expect(deadUnits).toBeCloseTo(1 / 3, 14);
    expect(activations.counts.reduce((sum, count) => sum + count, 0)).toBe(6);
  });

  it("do not take a unit whose slope is NaN for dead", () => {
    const slopes = Float32Array.of(Number.NaN);
    expect(layerMeasurements({ outputs: slopes, slopes }, { rows: 1, width: 1 }).deadUnits).toBe(0);
  });
});

describe("gradient noise", () => {
  it("averages to the covariance's trace and the mean's squared norm of the distribution that gradients come from", () => {
    const random = createRandom(3, "data");
    const [dimensions, examples, deviation, mean, draws] = [50, 16, 2, 0.5, 400];
    const gradient = () => {
      const values = Array.from(
        { length: dimensions },
        () => mean + (deviation / Math.sqrt(examples)) * random.normal(),
      );
      return new Map([["w", Float32Array.from(values)]]);
    };
    let [noise, signal] = [0, 0];
    for (let draw = 0; draw < draws; draw++) {
      const estimate = gradientNoise(gradient(), gradient(), examples);
      noise += estimate.noise / draws;
      signal += estimate.signal / draws;
      expect(estimate.scale).toBe(estimate.noise / estimate.signal);
    }
    // A mean of 400 draws is within four standard errors: 200 (1 +- 4 sqrt(2 / 50 / 400)) and 12.5 (1 +- 0.1).
    expect(Math.abs(noise / (dimensions * deviation ** 2) - 1)).toBeLessThan(0.04);
    expect(Math.abs(signal / (dimensions * mean ** 2) - 1)).toBeLessThan(0.1);
  });
});
