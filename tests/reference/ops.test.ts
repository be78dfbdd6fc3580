import { describe, expect, it } from "vitest";
import * as engineActivations from "../../src/engine/activations/index.ts";
import { initialControl, uncontrolled } from "../../src/engine/control.ts";
import * as engineLosses from "../../src/engine/losses/index.ts";
import type { Loss } from "../../src/engine/losses/loss.ts";
import { defaultsOf } from "../../src/lib/hyperparameters.ts";
import { createRandom } from "../../src/lib/random.ts";
import { memberOf } from "../../src/lib/registry.ts";
import * as activations from "./activations/index.ts";
import { centralDifferences, gradientMismatch } from "./differences.ts";
import { kernels } from "./index.ts";
import type { Bindings } from "./kernel.ts";

const random = createRandom(7, "data");
const normals = (count: number) => Float64Array.from({ length: count }, () => random.normal());
const identity = activations.identity;
const names = Object.keys(engineActivations) as (keyof typeof engineActivations)[];

/** 160 numbers in (-8, 8), none closer to 0 than 0.05: every kink is at 0. */
const points = Float64Array.from({ length: 160 }, (_, index) => (index - 79.5) / 10);

describe.each(names)("the activation %s of the reference", (name) => {
  const { activate, activateGrad } = activations[name];

  it("has the derivative that its central differences show", () => {
    const differences = points.map((x) => {
      const at = Float64Array.of(x);
      return centralDifferences(at, () => activate(at[0]))[0];
    });
    const gradients = points.map((x) => activateGrad(engineActivations[name].saves === "input" ? x : activate(x)));
    expect(gradientMismatch(gradients, differences)).toBeUndefined();
  });

  it("keeps NaN", () => {
    expect(activate(Number.NaN)).toBeNaN();
  });
});

describe("the reference's linear layer", () => {
  const [B, I, O] = [4, 3, 5];
  const constants = { B, I, O, accumulate: 0 };
  const input = normals(B * I);
  const weight = normals(O * I);
  const bias = normals(O);
  const outputGrad = normals(B * O);

  /** L = sum_bo grad_bo z_bo, whose gradient by z is `outputGrad`. */
  const value = (): number => {
    const output = new Float64Array(B * O);
    const bindings = { input, weight, bias, output };
    kernels.linearForward({ bindings, constants, activation: identity, replica: 0 });
    return output.reduce((sum, z, index) => sum + z * outputGrad[index], 0);
  };

  it("has the weight and bias gradients that its central differences show", () => {
    const gradients = new Float64Array(O * I + O).fill(Number.NaN);
    const at = { ...constants, weightAt: O, biasAt: 0 };
    kernels.linearBackwardWeight({
      bindings: { outputGrad, input, gradients },
      constants: at,
      activation: identity,
      replica: 0,
    });
    expect(gradientMismatch(gradients.subarray(O), centralDifferences(weight, value))).toBeUndefined();
    expect(gradientMismatch(gradients.subarray(0, O), centralDifferences(bias, value))).toBeUndefined();
  });

  it.each(names)("has the input gradient through %s that its central differences show", (name) => {
    const activation = activations[name];
    const before = normals(B * I).map((x) => x + 0.1 * Math.sign(x));
    const through = (): number => {
      input.set(before.map(activation.activate));
      return value();
    };
    const differences = centralDifferences(before, through);
    through();
    const saved = engineActivations[name].saves === "input" ? before : input;
    const inputGrad = normals(B * I);
    const existing = inputGrad.slice();
    const call = { constants: { ...constants, accumulate: 1 }, activation, replica: 0 };
    kernels.linearBackwardInput({ ...call, bindings: { outputGrad, weight, saved, inputGrad } });
    expect(
      gradientMismatch(
        inputGrad.map((g, index) => g - existing[index]),
        differences,
      ),
    ).toBeUndefined();
  });
});

interface Batch {
  readonly B: number;
  readonly count: number;
  readonly outputs: Float64Array;
  readonly targets: Float64Array;
  readonly settings?: readonly number[];
}

/** What a loss's kernel of the reference makes of a batch; the factor of its gradients is 1 / count. */
function runLoss(loss: Loss, { B, count, outputs, targets, settings = [] }: Batch): Bindings {
  const bindings = {
    ...{ outputs: outputs.slice(), targets, settings: Float64Array.from(settings) },
    rowLoss: new Float64Array(B).fill(Number.NaN),
    rowHit: new Float64Array(B).fill(Number.NaN),
    clock: Float64Array.of(1, 0),
    batches: Float64Array.of(0, 1, 0, 0, 1, 0, count, 0, 0, 2),
    control: Float64Array.from(initialControl(uncontrolled)),
  };
  const constants = { B, O: outputs.length / B, M: 1, micro: 0 };
  memberOf(kernels, loss.kernel.name)({ bindings, constants, activation: identity, replica: 0 });
  return bindings;
}

const defaultSettings = (loss: Loss, outputs: number): readonly number[] =>
  loss.settings(defaultsOf(loss.hyperparameters) as never, outputs);

describe.each(Object.entries<Loss>(engineLosses))("the loss %s of the reference", (_, loss) => {
  const [B, O, count] = [6, loss.outputsFor(4), 5];
  const settings = defaultSettings(loss, O);
  const labels = [3, 0, 2, 1, 1, 0].map((label) => label % Math.max(2, O));
  const targets = loss.task === "classification" ? Float64Array.from(labels) : normals(B * O);
  const run = (outputs: Float64Array): Bindings => runLoss(loss, { B, count, outputs, targets, settings });

  it("has the gradient of the mean over the examples that its central differences show", () => {
    const predictions = normals(B * O);
    const meanLoss = () => run(predictions).rowLoss.reduce((sum, value) => sum + value, 0) / count;
    const { outputs } = run(predictions);
    expect(gradientMismatch(outputs, centralDifferences(predictions, meanLoss))).toBeUndefined();
  });

  it("gives 0 to the rows past the end of a short batch", () => {
    const { outputs, rowLoss, rowHit } = run(normals(B * O));
    expect([...outputs.subarray(count * O), rowLoss[count], rowHit[count]]).toEqual(new Array(O + 2).fill(0));
    expect(outputs.subarray(0, count * O).every((gradient) => gradient !== 0)).toBe(true);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])("is no finite number for outputs of %d", (bad) => {
    const { rowLoss } = run(new Float64Array(B * O).fill(bad));
    expect([...rowLoss.subarray(0, count)].filter(Number.isFinite)).toEqual([]);
  });
});

describe("the reference's losses, worked by hand", () => {
  const { huber, mae } = engineLosses;
  const crossEntropy = engineLosses["cross-entropy"];
  const binary = engineLosses["bce-with-logits"];
  const ofErrors = (loss: Loss, errors: readonly number[], settings: readonly number[] = []) => {
    const [outputs, targets] = [Float64Array.from(errors), new Float64Array(errors.length)];
    return runLoss(loss, { B: 1, count: 1, outputs, targets, settings });
  };

  it("cross-entropy is log C for equal logits, and the distance to the largest logit for extreme ones", () => {
    const outputs = Float64Array.of(3, 3, 3, 80, -80, 0);
    const settings = defaultSettings(crossEntropy, 3);
    const { rowLoss, rowHit } = runLoss(crossEntropy, {
      ...{ B: 2, count: 2, outputs, settings },
      targets: Float64Array.of(1, 1),
    });
    expect(rowLoss[0]).toBeCloseTo(Math.log(3), 14);
    expect(rowLoss[1]).toBeCloseTo(160, 12);
    expect([...rowHit]).toEqual([0, 0]);
  });

  it("cross-entropy with class weights is the sum of weighted losses over the sum of weights", () => {
    const settings = crossEntropy.settings({ labelSmoothing: 0, classWeights: [1, 3] }, 2);
    const outputs = Float64Array.of(0, 0, Math.log(3), 0);
    const { rowLoss } = runLoss(crossEntropy, { B: 2, count: 2, outputs, targets: Float64Array.of(0, 1), settings });
    // Losses log 2 and log 4
    expect((rowLoss[0] + rowLoss[1]) / 2).toBeCloseTo((Math.log(2) + 3 * Math.log(4)) / 4, 14);
  });

  it("label smoothing weights the losses of all classes, and divides by the weight of the label", () => {
    const settings = crossEntropy.settings({ labelSmoothing: 0.2, classWeights: [1, 3] }, 2);
    const outputs = Float64Array.of(Math.log(3), 0);
    const { rowLoss } = runLoss(crossEntropy, { B: 1, count: 1, outputs, targets: Float64Array.of(1), settings });
    const [first, second] = [Math.log(4 / 3), Math.log(4)];
    expect(rowLoss[0]).toBeCloseTo((0.8 * 3 * second + 0.1 * (first + 3 * second)) / 3, 14);
  });

  it("cross-entropy of a split in two batches has the weighted mean of the split", () => {
    const values = { labelSmoothing: 0.2, classWeights: [1, 3, 0.5] };
    const [outputs, targets] = [normals(15), Float64Array.of(2, 0, 1, 1, 0)];
    const sumOf = (from: number, to: number, settings: readonly number[]) => {
      const batch = { outputs: outputs.subarray(3 * from, 3 * to), targets: targets.subarray(from, to), settings };
      const { rowLoss } = runLoss(crossEntropy, { B: to - from, count: to - from, ...batch });
      return rowLoss.reduce((sum, loss) => sum + loss, 0);
    };
    const whole = crossEntropy.settings(values, 3, targets);
    const inBatches = (sumOf(0, 2, whole) + sumOf(2, 5, whole)) / 5;
    expect(inBatches).toBeCloseTo(sumOf(0, 5, crossEntropy.settings(values, 3)) / 5, 14);
  });

  it("cross-entropy has the gradient of the weighted and smoothed mean that its central differences show", () => {
    const settings = crossEntropy.settings({ labelSmoothing: 0.2, classWeights: [1, 3, 0.5, 0] }, 4);
    const [outputs, targets] = [normals(24), Float64Array.of(3, 0, 2, 1, 1, 0)];
    const run = () => runLoss(crossEntropy, { B: 6, count: 5, outputs, targets, settings });
    const meanLoss = () => run().rowLoss.reduce((sum, value) => sum + value, 0) / 5;
    expect(gradientMismatch(run().outputs, centralDifferences(outputs, meanLoss))).toBeUndefined();
  });

  it("binary cross-entropy is the cross-entropy of the logits that it stands for", () => {
    const outputs = Float64Array.of(-30, -1, 0, 0.5, 30);
    const targets = Float64Array.of(1, 0, 1, 1, 0);
    const logits = Float64Array.from(binary.logitsOf(Float32Array.from(outputs)));
    const settings = defaultSettings(crossEntropy, 2);
    const one = runLoss(binary, { B: 5, count: 5, outputs, targets });
    const two = runLoss(crossEntropy, { B: 5, count: 5, outputs: logits, targets, settings });
    for (const [b, loss] of one.rowLoss.entries()) {
      expect(loss).toBeCloseTo(two.rowLoss[b], 12);
      expect(one.outputs[b]).toBeCloseTo(two.outputs[2 * b + 1], 14);
    }
    expect([...one.rowHit]).toEqual([...two.rowHit]);
  });

  it("huber is half the square up to delta, and a line that touches it beyond", () => {
    const { rowLoss, outputs } = ofErrors(huber, [0.5, -2, 3], [2]);
    expect(rowLoss[0]).toBeCloseTo((0.125 + 2 + 4) / 3, 14);
    [0.5, -2, 2].forEach((derivative, o) => {
      expect(outputs[o]).toBeCloseTo(derivative / 3, 14);
    });
  });

  it("mae has no gradient where prediction and target are equal", () => {
    const { rowLoss, outputs } = ofErrors(mae, [0, -2]);
    expect([rowLoss[0], ...outputs]).toEqual([1, 0, -0.5]);
  });
});
