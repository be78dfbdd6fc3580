import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { histogramOf, type TensorMeasurements } from "../../src/session/measurements.ts";
import { rangeExponents } from "../../src/session/ranges.ts";
import { checkpointingInWords, scalingInWords, storageInWords } from "../../src/ui/computeNotes.ts";
import { barsPath, describeHistogram, heights } from "../../src/ui/tensors/histogram.ts";
import { type Estimates, noiseInWords, withEstimate } from "../../src/ui/tensors/noise.ts";
import { describeOctaves, octaveMarks } from "../../src/ui/tensors/octaves.ts";
import { gaugePlace, hasHealthyBand, ratioVerdict } from "../../src/ui/tensors/ratio.ts";
import { formatShare } from "../../src/ui/tensors/share.ts";
import { sparkPath, thinned } from "../../src/ui/tensors/sparkline.ts";
import { troubleElsewhere, troubleOf } from "../../src/ui/tensors/trouble.ts";

const describeValues = (...values: readonly number[]) => describeHistogram(histogramOf(Float32Array.from(values)));

describe("a histogram in words", () => {
  it("says where half of the values lie, and how many are negative", () => {
    // 0.3 is in the bin from 2^-2 to 2^0
    expect(describeValues(0.3, 0.3, -0.3, 0.3)).toBe("half of them between 0.25 and 1 in size, 25.0\u2009% negative");
  });

  it("counts neither the smallest nor the largest quarter among the half", () => {
    expect(describeValues(1e-3, 0.3, 0.3, 0.3, 9)).toContain("between 0.25 and 1 in size");
  });

  it("tells zeros, open ends and values that are not finite", () => {
    expect(describeValues(0, 0, 0, 0.3)).toContain("half of them below 6e−8 in size, 75.0\u2009% 0 or close to it");
    expect(describeValues(99, 99)).toContain("half of them 16 or more in size");
    expect(describeValues(0.3, Number.NaN)).toContain(", 1 not finite");
    expect(describeValues(Number.NaN, Number.POSITIVE_INFINITY)).toBe("2 not finite");
    expect(describeValues()).toBe("no values");
  });
});

describe("bars", () => {
  it("are as high as their share of the highest, and none is left out that counts anything", () => {
    expect(heights([0, 5, 10])).toEqual([0, 0.5, 1]);
    expect(heights([0, 0])).toEqual([0, 0]);
    expect(barsPath([0, 0.5, 1, 1e-6], { width: 2, height: 24 })).toBe("M2,24v-12h2v12zM4,24v-24h2v24zM6,24v-1h2v1z");
    expect(barsPath([1], { width: 2, height: 24, from: 16 })).toBe("M32,24v-24h2v24z");
  });
});

describe("the update-to-weight ratio", () => {
  it("is healthy around a thousandth, and has no verdict where it is unknown or the weights were 0", () => {
    expect([1e-4, 1e-3, 1e-2].map(ratioVerdict)).toEqual(["low", "healthy", "high"]);
    expect([undefined, Number.NaN, Number.POSITIVE_INFINITY].map(ratioVerdict)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("has its place on a log axis from a millionth to 1", () => {
    expect([0, 1e-6, 1e-3, 1, 100].map(gaugePlace)).toEqual([0, 0, 0.5, 1, 1]);
  });

  it("is judged for weight matrices alone", () => {
    expect(["layers.0.weight", "layers.0.bias"].map(hasHealthyBand)).toEqual([true, false]);
  });
});

describe("the gradient noise", () => {
  const estimates = (count: number, noise: number, signal: number): Estimates =>
    Array.from({ length: count }, (_, step) => ({ step, noise, signal }));

  it("says nothing before there are enough estimates", () => {
    expect(noiseInWords(estimates(2, 300, 1), 32, 1000)).toBe(
      "Gradient noise: 2 of 6 estimates so far, from pairs of steps.",
    );
  });

  it("compares the batch with the noise scale", () => {
    expect(noiseInWords(estimates(6, 312, 1), 32, 1000)).toBe("Batches up to about 300 would pay; this run takes 32.");
    expect(noiseInWords(estimates(6, 12.4, 1), 64, 1000)).toBe(
      "Batches beyond about 12 gain little; this run takes 64.",
    );
    expect(noiseInWords(estimates(6, 40, 1), 32, 1000)).toBe("Batches of about 40 are right; this run takes 32.");
  });

  it("asks for no larger batch than there are examples, however noisy the gradient is", () => {
    const all = "Even a batch of all 420 examples would pay; this run takes 32.";
    expect(noiseInWords(estimates(6, 5000, 1), 32, 420)).toBe(all);
    expect(noiseInWords(estimates(6, 40, -1), 32, 420)).toBe(all);
  });

  it("averages noise and signal before it divides them", () => {
    const scattered = [...estimates(3, 100, 3), ...estimates(3, 100, -1)];
    expect(noiseInWords(scattered, 10, 1000)).toContain("up to about 100 would");
  });

  it("forgets another run's estimates, and takes each step once", () => {
    const noise = { noise: 2, signal: 1, scale: 2 };
    const two = withEstimate(withEstimate([], 10, noise), 20, noise);
    expect(two.map(({ step }) => step)).toEqual([10, 20]);
    expect(withEstimate(two, 20, noise)).toHaveLength(2);
    expect(withEstimate(two, 5, noise).map(({ step }) => step)).toEqual([5]);
    expect(withEstimate(two, 30, { ...noise, noise: Number.NaN })).toHaveLength(2);
  });
});

describe("a small curve", () => {
  const box = { width: 10, height: 20 };

  it("goes from the lowest to the highest value on a log scale", () => {
    expect(sparkPath([1, 10, 100], box)).toBe("M0.0,20.0L5.0,10.0L10.0,0.0");
  });

  it("has a gap where a value is 0 or not finite, and is not there without two points", () => {
    expect(sparkPath([1, Number.NaN, 100, 0, 1], box)).toBe("M0.0,20.0M5.0,0.0M10.0,20.0");
    expect(sparkPath([1, Number.NaN], box)).toBe("");
  });

  it("does not blow up a value that hardly moves", () => {
    expect(sparkPath([1, 1, 1], box)).toBe("M0.0,10.0L5.0,10.0L10.0,10.0");
  });

  it("keeps the newest point and no more than asked for", () => {
    const points = fc.array(fc.integer(), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(points, fc.integer({ min: 1, max: 60 }), (all, most) => {
        const kept = thinned(all, most);
        expect(kept.length).toBeLessThanOrEqual(most);
        expect(kept.at(-1)).toBe(all.at(-1));
      }),
    );
  });
});

describe("the sizes of half-precision gradients", () => {
  const octaves = (...indices: readonly number[]) => {
    const counts = new Uint32Array(rangeExponents.length);
    for (const index of indices) counts[index] = 10;
    return counts;
  };

  it("are told by the octaves that hold most of them", () => {
    expect(describeOctaves(octaves(1, 5))).toBe("most from 2^−26 to 2^−21");
    expect(describeOctaves(octaves(0, 5))).toBe("most below 2^−21");
    expect(describeOctaves(octaves(5, rangeExponents.length - 1))).toBe("most from 2^−22 on");
    expect(describeOctaves(octaves())).toBe("all are 0");
    expect(octaveMarks).toEqual(["−26", "−6", "16"]);
  });
});

describe("a tensor with numbers that are none", () => {
  const tensorOf = (weights: readonly number[], gradients: readonly number[]): TensorMeasurements => ({
    ...{ name: "layers.0.weight", gradNorm: 1, weightNorm: 1 },
    ...{ weights: histogramOf(Float32Array.from(weights)), gradients: histogramOf(Float32Array.from(gradients)) },
  });
  const ranges = { lossScale: 1024, underflow: 0, overflow: 0, gradients: [] };

  it("is marked with an octagon and says how many", () => {
    expect(troubleOf(tensorOf([1], [1]), {})).toBeUndefined();
    expect(troubleOf(tensorOf([Number.NaN, Number.NaN], [Number.NaN]), {})).toEqual({
      ...{ glyph: "stop", text: "2 weights are NaN or infinite" },
    });
    expect(troubleOf(tensorOf([1], [Number.POSITIVE_INFINITY]), {})?.text).toBe("1 gradient is NaN or infinite");
    expect(troubleOf({ ...tensorOf([1], [1]), gradNorm: Number.POSITIVE_INFINITY }, {})?.glyph).toBe("stop");
  });

  it("is marked where the run stopped, though its numbers are those of the last good step", () => {
    const broke = { tensor: "layers.0.weight", step: 1873, move: "backward" } as const;
    const text = "first to be NaN or infinite: step 1,873, backward";
    expect(troubleOf(tensorOf([1], [1]), {}, broke)).toEqual({ glyph: "stop", text });
    expect(troubleOf(tensorOf([1], [1]), {}, { ...broke, tensor: "layers.1.weight" })).toBeUndefined();
  });

  it("is told apart where it began outside of the parameters", () => {
    const tensors = [{ name: "layers.0.weight" }];
    const broke = { tensor: "loss", step: 40, move: "loss" } as const;
    expect(troubleElsewhere(tensors, broke)?.text).toBe("loss was the first to be NaN or infinite: step 40, loss");
    expect(troubleElsewhere(tensors, { ...broke, tensor: "layers.0.weight" })).toBeUndefined();
    expect(troubleElsewhere(tensors, undefined)).toBeUndefined();
  });

  it("is advice where only a scaled gradient overflowed: the step is skipped and the scale goes down", () => {
    expect(troubleOf(tensorOf([1], [Number.POSITIVE_INFINITY]), { ranges })?.glyph).toBe("advice");
    expect(troubleOf(tensorOf([Number.NaN], [1]), { ranges })?.glyph).toBe("stop");
  });
});

describe("a share", () => {
  it("of next to nothing is not written as none", () => {
    expect([0, 1e-5, 0.001, 0.032].map(formatShare)).toEqual(["0.0\u2009%", "<0.1\u2009%", "0.1\u2009%", "3.2\u2009%"]);
  });
});

describe("the notes on computing", () => {
  it("say what checkpointing saves and costs", () => {
    const saving = { bytes: [4_800_000, 1_200_000], calls: [13, 21], multiplications: [3000, 3900] } as const;
    expect(checkpointingInWords(saving, true)).toBe(
      "A step's activations take 1.20\u2009MB instead of 4.80\u2009MB, for 30.0\u2009% more multiplications in 8 more calls.",
    );
    expect(checkpointingInWords(saving, false)).toBe(
      "A step's activations would take 1.20\u2009MB instead of 4.80\u2009MB, for 30.0\u2009% more multiplications " +
        "in 8 more calls.",
    );
    const none = { bytes: [1000, 1000], calls: [13, 13], multiplications: [30, 30] } as const;
    expect(checkpointingInWords(none, true)).toContain("either way, for no more work. Deeper");
    const one = { ...none, calls: [13, 14], multiplications: [30, 33] } as const;
    expect(checkpointingInWords(one, true)).toContain("10.0\u2009% more multiplications in 1 more call.");
  });

  it("say whether half precision saves anything on the device at hand", () => {
    expect(storageInWords("bf16", 2)).toContain("take 2 bytes a number");
    expect(storageInWords("f16", 4)).toContain("emulates f16: it rounds each number and keeps it in 4 bytes");
  });

  it("say the loss scale and the skipped steps", () => {
    expect(scalingInWords(65536, 3, 120)).toBe("Loss scale 65,536, 3 of 120 steps skipped.");
  });
});
