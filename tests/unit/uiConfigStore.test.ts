import { describe, expect, test } from "vitest";
import { checkConfig } from "../../src/session/check.ts";
import { defaultConfig, type RunConfig } from "../../src/session/config.ts";
import { defaultMember, registries } from "../../src/session/fields.ts";
import { askedOf, isAdjustment, withFittingLoss, withKind } from "../../src/ui/configStore.ts";

function configured(differences: unknown): RunConfig {
  const checked = checkConfig(differences);
  if (!checked.ok) throw new Error(checked.problems.join(" "));
  return checked.config;
}

const regularised = { data: { inputNoise: 0.1 }, model: { dropout: 0.2 }, loss: { l2: 0.1 } };

describe("a running training takes over", () => {
  test.each<[string, object, object]>([
    ["a learning rate", {}, { optimizer: { learningRate: 0.5 } }],
    ["a schedule", {}, { optimizer: { schedule: { kind: "cosine" } } }],
    ["clipping", {}, { optimizer: { clipping: { kind: "norm", maxNorm: 2 } } }],
    ["batch scaling", {}, { optimizer: { batchScaling: "linear" } }],
    ["limits", {}, { stopping: { epochs: 3 } }],
    ["another dropout, input noise and penalty", regularised, { model: { dropout: 0.3 }, loss: { l1: 0.1 } }],
    ["dropout, input noise and penalty switched off", regularised, {}],
    ["dropout, input noise and penalty switched on", {}, regularised],
    ["noise on the labels", {}, { data: { labelNoise: 0.1 } }],
    ["more data", {}, { data: { size: 900 } }],
    [
      "a momentum that was off",
      { optimizer: { kind: "sgd", momentum: 0 } },
      { optimizer: { kind: "sgd", momentum: 0.9 } },
    ],
  ])("%s", (_, before, after) => expect(isAdjustment(configured(before), configured(after))).toBe(true));
});

describe("a fresh run is needed for", () => {
  test.each([
    { optimizer: { kind: "sgd" } },
    { model: { layers: [{ width: 4, activation: "tanh" }] } },
    { data: { seed: 77 } },
    { data: { train: 0.5 } },
    { compute: { batchSize: 16 } },
    { compute: { accumulation: 2 } },
    { optimizer: { learningRate: 0.5 }, compute: { seed: 2 } },
  ])("%j", (differences) => expect(isAdjustment(defaultConfig, configured(differences))).toBe(false));
});

test("another optimizer keeps schedule, clipping and batch scaling, and has its own defaults otherwise", () => {
  const schedule = { kind: "cosine", totalSteps: 7, finalFraction: 0, warmupSteps: 3 };
  const current = { ...defaultConfig.optimizer, schedule, batchScaling: "root", beta1: 0.5 };
  expect(withKind(registries.optimizer, current, "sgd")).toEqual({
    ...defaultMember(registries.optimizer, "sgd"),
    ...{ schedule, batchScaling: "root" },
  });
});

test("a schedule with a warm-up of its own does not take over the shared one", () => {
  const current = { kind: "constant", warmupSteps: 7 };
  const own = defaultMember(registries.schedule, "warmup-cosine");
  expect(withKind(registries.schedule, current, "warmup-cosine")).toEqual(own);
  expect(withKind(registries.schedule, current, "linear")).toMatchObject({ kind: "linear", warmupSteps: 7 });
});

test("data of another task takes its usual loss and keeps the penalties", () => {
  const config = { ...defaultConfig, loss: { ...defaultConfig.loss, l2: 0.1 } };
  expect(withFittingLoss(config, { task: "regression" })).toMatchObject({ loss: { kind: "mse", l2: 0.1 } });
  expect(withFittingLoss(config, { task: "classification" })).toBe(config);
});

test("data with more classes than its loss tells apart takes one that fits, and no other does", () => {
  const config = configured({ data: { kind: "moons" }, loss: { kind: "bce-with-logits", l2: 0.1 } });
  const chosen = (data: { readonly kind: string; readonly arms?: number }) => {
    const draft = { ...config, data };
    return withFittingLoss(draft, askedOf(draft, undefined));
  };
  expect(chosen({ kind: "digits" })).toMatchObject({ loss: { kind: "cross-entropy", l2: 0.1 } });
  expect(chosen(defaultMember(registries.data, "spirals"))).toMatchObject({ loss: { kind: "cross-entropy" } });
  expect(chosen({ ...defaultMember(registries.data, "spirals"), arms: 2 })).toMatchObject({ loss: config.loss });
  expect(chosen(defaultMember(registries.data, "circles"))).toMatchObject({ loss: config.loss });
});
