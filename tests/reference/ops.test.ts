import { describe, expect, it } from "vitest";
import * as engineActivations from "../../src/engine/activations/index.ts";
import * as engineLosses from "../../src/engine/losses/index.ts";
import { createRandom } from "../../src/lib/random.ts";
import { memberOf } from "../../src/lib/registry.ts";
import * as activations from "./activations/index.ts";
import { centralDifferences, gradientMismatch } from "./differences.ts";
import * as kernels from "./index.ts";
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

describe.each(Object.entries(engineLosses))("the loss %s of the reference", (_, loss) => {
  const [B, O, count] = [6, 4, 5];
  const constants = { B, O };
  const targets = loss.task === "classification" ? Float64Array.of(3, 0, 2, 1, 1, 0) : normals(B * O);

  const run = (predictions: Float64Array): Bindings => {
    const bindings = {
      outputs: predictions.slice(),
      targets,
      rowLoss: new Float64Array(B).fill(Number.NaN),
      rowHit: new Float64Array(B).fill(Number.NaN),
      clock: Float64Array.of(1, 0),
      batches: Float64Array.of(0, 1, 0, 0, 0, count, 0, 0),
    };
    memberOf(kernels, loss.kernel.name)({ bindings, constants, activation: identity, replica: 0 });
    return bindings;
  };

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
});

describe("the reference's cross-entropy", () => {
  it("is log C for equal logits, and the distance to the largest logit for extreme ones", () => {
    const bindings = {
      outputs: Float64Array.of(3, 3, 3, 80, -80, 0),
      targets: Float64Array.of(1, 1),
      rowLoss: new Float64Array(2),
      rowHit: new Float64Array(2),
      clock: Float64Array.of(0, 0),
      batches: Float64Array.of(0, 2, 0, 0),
    };
    kernels.crossEntropy({ bindings, constants: { B: 2, O: 3 }, activation: identity, replica: 0 });
    expect(bindings.rowLoss[0]).toBeCloseTo(Math.log(3), 14);
    expect(bindings.rowLoss[1]).toBeCloseTo(160, 12);
    expect([...bindings.rowHit]).toEqual([0, 0]);
  });
});
