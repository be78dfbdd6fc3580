import { describe, expect, it } from "vitest";
import * as losses from "../../src/engine/losses/index.ts";
import { type Loss, lossNeeds } from "../../src/engine/losses/loss.ts";
import { defaultsOf } from "../../src/lib/hyperparameters.ts";
import { softmaxRows } from "../../src/session/views.ts";

const crossEntropy = losses["cross-entropy"];
const binary = losses["bce-with-logits"];
const weighted = (classWeights: readonly number[]) => ({ labelSmoothing: 0, classWeights });
const all: readonly [string, Loss][] = Object.entries(losses);

describe("cross-entropy's class weights", () => {
  it("are all 1 where none are given, and then the mean is not weighted", () => {
    expect(crossEntropy.settings(weighted([]), 3)).toEqual([1, 0, 1, 0, 1, 1, 1]);
  });

  it.each([[[1, 2]], [[1, 2, 3, 4]]])("are refused for three classes where they are %j", (weights) => {
    expect(() => crossEntropy.settings(weighted(weights), 3)).toThrow(
      new RangeError(
        `loss.classWeights: got ${weights.length} numbers, expected 3, one per class, or none. Correct the list.`,
      ),
    );
  });

  it("are refused where all are 0", () => {
    expect(() => crossEntropy.settings(weighted([0, 0]), 2)).toThrow(/^loss\.classWeights: got only zeros, expected/);
  });

  it("are averaged over the labels of a batch, or of the whole split that is evaluated", () => {
    const values = weighted([1, 4]);
    expect(crossEntropy.settings(values, 2)[2]).toBe(0);
    expect(crossEntropy.settings(values, 2, Float32Array.of(0, 1, 1, 0, 1))[2]).toBeCloseTo(5 / 14, 15);
  });
});

describe.each(all)("the settings of %s", (_, loss) => {
  it("are as many for other values, for an evaluation, and for as many outputs", () => {
    const outputs = loss.outputsFor(2);
    const values = defaultsOf(loss.hyperparameters);
    const { length } = loss.settings(values as never, outputs);
    const changed = { ...values, classWeights: new Array(outputs).fill(2), labelSmoothing: 0.5, delta: 3 };
    expect(loss.settings(changed as never, outputs)).toHaveLength(length);
    expect(loss.settings(changed as never, outputs, [0, 1])).toHaveLength(length);
  });
});

describe("binary cross-entropy", () => {
  it("needs one output, which stands for the probabilities sigmoid(-z) and sigmoid(z) of two classes", () => {
    expect([binary.outputsFor(2), crossEntropy.outputsFor(2)]).toEqual([1, 2]);
    const logits = [-3, 0, 0.5];
    const probabilities = softmaxRows(binary.logitsOf(Float32Array.from(logits)), 2);
    logits.forEach((z, row) => {
      const sigmoid = 1 / (1 + Math.exp(-z));
      expect(probabilities[2 * row]).toBeCloseTo(1 - sigmoid, 6);
      expect(probabilities[2 * row + 1]).toBeCloseTo(sigmoid, 6);
    });
  });
});

describe("what a loss needs", () => {
  it.each([
    ["bce-with-logits", "classification", 2, undefined],
    ["bce-with-logits", "classification", 3, "2 classes"],
    ["bce-with-logits", "classification", undefined, undefined],
    ["bce-with-logits", "regression", 1, "classes"],
    ["cross-entropy", "classification", 3, undefined],
    ["huber", "regression", 5, undefined],
    ["huber", "classification", 2, "numbers"],
  ] as const)("for %s and %s with %s classes is %s", (kind, task, classes, needed) => {
    expect(lossNeeds(losses[kind], { task, classes })).toBe(needed);
  });
});
