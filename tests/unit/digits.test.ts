import { describe, expect, test } from "vitest";
import { Pen } from "../../src/data/digitPen.ts";
import { digitStyles } from "../../src/data/digitStrokes.ts";
import { digits } from "../../src/data/digits.ts";
import { prepareExamples } from "../../src/data/prepare.ts";
import { defaultsOf } from "../../src/lib/hyperparameters.ts";
import { createRandom } from "../../src/lib/random.ts";
import { planView } from "../../src/session/views.ts";

const size = { width: 28, height: 28 };
const PIXELS = 784;
const defaults = defaultsOf(digits.hyperparameters);
const sample = (values: Partial<typeof defaults>) => digits.sample({ ...defaults, ...values }, createRandom(1, "data"));
const inkOf = (pixels: Float32Array): number => pixels.reduce((sum, ink) => sum + ink, 0);

/** A digit as it is written without distortion. */
function written(label: number, style: number): Float32Array {
  const out = new Float32Array(PIXELS);
  new Pen(size).write(digitStyles[label]?.[style] ?? [], 0, createRandom(3, "data"), out, 0);
  return out;
}

describe("the pen", () => {
  test("inks the pixels along a stroke, fading over one pixel, and no others", () => {
    const line = written(1, 0);
    const row = [...line.subarray(14 * 28, 15 * 28)];
    expect(Math.max(...row)).toBe(1);
    expect(row.some((ink) => ink > 0 && ink < 1)).toBe(true);
    // The line runs down between columns 13 and 14; the pen is at most 1.8 pixels wide to each side.
    for (const [column, ink] of row.entries()) {
      const distance = Math.abs(column + 0.5 - 14);
      expect(ink).toBe(row[27 - column]);
      if (distance > 1.8 + 0.5) expect(ink).toBe(0);
    }
    // From 9 pixels above the middle to 9 below it.
    expect(inkOf(line.subarray(0, 2 * 28))).toBe(0);
    expect(inkOf(line.subarray(26 * 28))).toBe(0);
  });

  test("writes every style of every digit in another way", () => {
    const all = digitStyles.flatMap((styles, label) => styles.map((_, style) => written(label, style)));
    for (const [i, one] of all.entries()) {
      expect(inkOf(one)).toBeGreaterThan(15);
      for (const other of all.slice(i + 1))
        expect(inkOf(one.map((ink, p) => Math.abs(ink - (other[p] ?? 0))))).toBeGreaterThan(5);
    }
  });
});

describe("digits", () => {
  test("are pixels from 0 to 1, ten classes in turn, and say how large the images are", () => {
    const { inputs, targets, targetNames, featureNames, image } = sample({ size: 50 });
    expect(image).toEqual(size);
    expect([featureNames.length, new Set(featureNames).size]).toEqual([PIXELS, PIXELS]);
    expect(targetNames).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    expect([...targets.subarray(0, 12)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]);
    expect(inputs.every((ink) => ink >= 0 && ink <= 1)).toBe(true);
  });

  test("grow apart as distortion grows", () => {
    const spread = (distortion: number): number => {
      const { inputs } = sample({ size: 600, noise: 0, distortion });
      const ones = Array.from({ length: 60 }, (_, i) => inputs.subarray((i * 10 + 1) * PIXELS, (i * 10 + 2) * PIXELS));
      const mean = Float32Array.from(
        { length: PIXELS },
        (_, p) => ones.reduce((sum, one) => sum + (one[p] ?? 0), 0) / 60,
      );
      return ones.reduce((sum, one) => sum + one.reduce((all, ink, p) => all + (ink - (mean[p] ?? 0)) ** 2, 0), 0);
    };
    const [none, half, whole] = [spread(0), spread(0.5), spread(1)];
    expect(half).toBeGreaterThan(1.1 * none);
    expect(whole).toBeGreaterThan(1.1 * half);
  });
});

describe("the view of images", () => {
  const data = prepareExamples(sample({ size: 100 }), { seed: 1, train: 0.4, validation: 0.6 });
  const { targets, count, inputs } = data.splits.validation;
  /** Logits that give the right class probability p and the next class the rest. */
  const logits = (p: (row: number) => number) => {
    const out = new Float32Array(count * 10).fill(-1e4);
    for (let row = 0; row < count; row++) {
      const label = targets[row] ?? 0;
      out[row * 10 + label] = Math.log(p(row));
      out[row * 10 + ((label + 1) % 10)] = Math.log(1 - p(row));
    }
    return out;
  };
  const draw = (outputs: Float32Array) => {
    const view = planView(data).draw(outputs, 7);
    if (view.kind !== "images") throw new Error(`got a view of kind ${view.kind}`);
    return view;
  };

  test("predicts for the validation split", () => {
    expect(planView(data).probe).toEqual(inputs);
  });

  test("counts each prediction by actual and predicted class", () => {
    const { counts, step, classNames } = draw(logits((row) => (targets[row] === 3 ? 0.2 : 0.9)));
    expect([step, classNames.length]).toEqual([7, 10]);
    for (let actual = 0; actual < 10; actual++) {
      const row = [...counts.subarray(10 * actual, 10 * actual + 10)];
      expect(row[actual === 3 ? 4 : actual]).toBe(6);
      expect(row.reduce((sum, n) => sum + n, 0)).toBe(6);
    }
  });

  test("shows the largest losses first, with their pixels, classes and probabilities", () => {
    const { worst } = draw(logits((row) => (row === 41 ? 0.01 : row === 17 ? 0.1 : 0.9)));
    for (const [place, row, p] of [
      [0, 41, 0.01],
      [1, 17, 0.1],
    ] as const) {
      expect(worst.actual[place]).toBe(targets[row]);
      expect(worst.predicted[place]).toBe(((targets[row] ?? 0) + 1) % 10);
      // Two roundings to float32 and an exponential.
      expect(worst.probability[place]).toBeCloseTo(1 - p, 5);
      expect(worst.loss[place]).toBeCloseTo(-Math.log(p), 5);
      const pixels = inputs.subarray(row * PIXELS, (row + 1) * PIXELS).map((ink) => Math.round(255 * ink));
      expect([...worst.pixels.subarray(place * PIXELS, (place + 1) * PIXELS)]).toEqual([...pixels]);
    }
    expect([...worst.loss]).toEqual([...worst.loss].sort((a, b) => b - a));
  });

  test("shows the same examples whatever the predictions", () => {
    const [one, other] = [draw(logits(() => 0.9)).examples, draw(logits((row) => 1 / (row + 2))).examples];
    expect(one.pixels).toEqual(other.pixels);
    expect([...one.actual]).toEqual([...targets.subarray(0, one.actual.length)]);
  });

  test("puts predictions of a broken model first", () => {
    const broken = logits(() => 0.9).fill(Number.NaN, 230, 240);
    expect(draw(broken).worst.actual[0]).toBe(targets[23]);
  });
});
