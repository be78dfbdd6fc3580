import { describe, expect, it } from "vitest";
import { uncontrolled } from "../../src/engine/control.ts";
import { defaultsOf } from "../../src/lib/hyperparameters.ts";
import { defaultConfig, optimizers, type RunConfig } from "../../src/session/config.ts";
import { controlsOf, firstLossScale } from "../../src/session/runControls.ts";
import { changedBy, fieldThatNeedsProgram } from "../../src/session/runShape.ts";

const { optimizer, loss, model, data, compute } = defaultConfig;
const withLoss = (l1: number, l2: number): RunConfig => changedBy(defaultConfig, { loss: { ...loss, l1, l2 } });
const withDropout = (dropout: number): RunConfig => changedBy(defaultConfig, { model: { dropout } });

describe("the controls of a run", () => {
  it("are those that switch everything off for the default configuration", () => {
    expect(controlsOf(defaultConfig)).toEqual(uncontrolled);
    expect(firstLossScale(defaultConfig)).toBe(1);
  });

  it("scale the loss in f16 alone, and only where that is asked for", () => {
    const of = (changes: Partial<RunConfig["compute"]>) => {
      const config = { ...defaultConfig, compute: { ...compute, initialLossScale: 64, growthInterval: 9, ...changes } };
      return [firstLossScale(config), controlsOf(config).growthInterval];
    };
    expect(of({ precision: "f16" })).toEqual([64, 9]);
    expect(of({ precision: "f16", lossScaling: "none" })).toEqual([1, 0]);
    expect(of({ precision: "bf16" })).toEqual([1, 0]);
  });

  it("have the values of penalties, noise, dropout and clipping", () => {
    const config = changedBy(defaultConfig, {
      optimizer: { ...optimizer, clipping: { kind: "norm", maxNorm: 2 } },
      loss: { ...loss, l1: 0.1, l2: 0.2 },
      model: { dropout: 0.3 },
      data: { inputNoise: 0.4 },
    });
    expect(controlsOf(config)).toEqual({
      ...{ ...uncontrolled, maxNorm: 2, l1: 0.1, l2: 0.2 },
      ...{ dropout: 0.3, inputNoise: 0.4 },
    });
    expect(config.model.layers).toEqual(model.layers);
    expect(config.data.seed).toBe(data.seed);
  });
});

describe("a change of a running training", () => {
  it.each([
    ["loss.l1", defaultConfig, withLoss(0.1, 0)],
    ["loss.l2", defaultConfig, withLoss(0, 0.1)],
    ["model.dropout", defaultConfig, withDropout(0.1)],
    ["data.inputNoise", defaultConfig, changedBy(defaultConfig, { data: { inputNoise: 0.1 } })],
  ])("needs a program of its own where it switches %s on", (field, before, after) => {
    expect(fieldThatNeedsProgram(before, after)).toBe(field);
    expect(fieldThatNeedsProgram(after, before)).toBeUndefined();
    expect(fieldThatNeedsProgram(after, after)).toBeUndefined();
  });

  it("needs none from one penalty to the other, nor for what is not structural", () => {
    expect(fieldThatNeedsProgram(withLoss(0.1, 0), withLoss(0, 0.2))).toBeUndefined();
    const faster = changedBy(defaultConfig, { optimizer: { ...optimizer, learningRate: 0.5 } });
    expect(fieldThatNeedsProgram(defaultConfig, faster)).toBeUndefined();
  });

  it("needs one for another optimizer, and for a structural hyperparameter", () => {
    const { schedule, clipping, batchScaling, referenceBatch } = optimizer;
    const shared = { schedule, clipping, batchScaling, referenceBatch };
    const adam = { kind: "adam", ...defaultsOf(optimizers.adam.hyperparameters), ...shared } as const;
    const other = changedBy(defaultConfig, { optimizer: adam });
    expect(fieldThatNeedsProgram(defaultConfig, other)).toBe("optimizer.kind");
    const amsgrad = changedBy(other, { optimizer: { ...adam, amsgrad: true } });
    expect(fieldThatNeedsProgram(other, amsgrad)).toBe("optimizer.amsgrad");
  });
});
