import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkConfig } from "../../src/session/check.ts";
import { defaultConfig } from "../../src/session/config.ts";
import { defaultMember, registries } from "../../src/session/fields.ts";
import { decodeConfig, encodeConfig } from "../../src/session/url.ts";
import { arbitraryConfig } from "../fixtures/arbitraryConfig.ts";

test("every configuration comes back from its link", () => {
  fc.assert(
    fc.property(arbitraryConfig, (config) => {
      expect(decodeConfig(encodeConfig(config))).toEqual({ config, problems: [] });
    }),
    { numRuns: 300 },
  );
});

describe("a link", () => {
  test("of the default run says only its version", () => expect(encodeConfig(defaultConfig)).toBe("v=1"));

  test("says what differs, by the names of the configuration", () => {
    const checked = checkConfig({
      data: { kind: "moons", noise: 0.3 },
      model: { layers: [{ width: 8, activation: "relu" }], initializer: { kind: "heUniform", gain: 2 } },
      optimizer: { kind: "sgd", learningRate: 0.5, nesterov: true },
      compute: { batchSize: 64, device: "cpu" },
    });
    expect(checked.ok && encodeConfig(checked.config)).toBe(
      "v=1&data=moons&data.noise=0.3&model.layers=8relu&model.initializer=heUniform&model.initializer.gain=2" +
        "&optimizer=sgd&optimizer.learningRate=0.5&optimizer.nesterov=true&device=cpu&batchSize=64",
    );
  });

  test("names what stands inside of a part by its path", () => {
    const checked = checkConfig({
      data: { labelNoise: 0.2 },
      model: { dropout: 0.5 },
      loss: { l2: 0.01 },
      optimizer: { schedule: { kind: "cosine", totalSteps: 500, warmupSteps: 50 }, clipping: { kind: "norm" } },
      stopping: { patience: 5 },
    });
    expect(checked.ok && encodeConfig(checked.config)).toBe(
      "v=1&data.labelNoise=0.2&model.dropout=0.5&loss.l2=0.01&optimizer.schedule=cosine" +
        "&optimizer.schedule.totalSteps=500&optimizer.schedule.warmupSteps=50&optimizer.clipping=norm" +
        "&stopping.patience=5",
    );
  });

  test("that is empty is the default run", () => {
    expect(decodeConfig("")).toEqual({ config: defaultConfig, problems: [] });
  });

  test("that names a kind takes that kind's defaults", () => {
    expect(decodeConfig("v=1&optimizer=sgd").config.optimizer).toEqual(defaultMember(registries.optimizer, "sgd"));
    expect(decodeConfig("v=1&data=sine").config.loss.kind).toBe("mse");
    expect(decodeConfig("v=1&data=sine&loss.l2=0.1").config.loss).toEqual({ kind: "mse", l1: 0, l2: 0.1 });
  });

  test("may hold a model without hidden layers", () => {
    expect(decodeConfig("v=1&model.layers=none")).toEqual({
      config: { ...defaultConfig, model: { ...defaultConfig.model, layers: [] } },
      problems: [],
    });
  });
});

describe("what a link gets wrong keeps its default and is named", () => {
  test.each([
    ["v=1&optimizer.learningRate=1e9", "optimizer.learningRate: got 1000000000, expected a number from 0 to 100."],
    ["v=1&optimizer.learningRate=fast", 'optimizer.learningRate: got "fast", expected a number from 0 to 100.'],
    ["v=1&optimizer.learningRate=NaN", 'optimizer.learningRate: got "NaN", expected a number from 0 to 100.'],
    ["v=1&optimizer.learningRate=", 'optimizer.learningRate: got "", expected a number from 0 to 100.'],
    ["v=1&optimizer.learningRate=1e999", "optimizer.learningRate: got Infinity, expected a number from 0 to 100."],
    ["v=1&optimizer=foo", 'optimizer.kind: got "foo", expected one of ada'],
    ["v=1&optimizer=__proto__", 'optimizer.kind: got "__proto__", expected one of ada'],
    ["v=1&data=toString", 'data.kind: got "toString", expected one of'],
    ["v=1&data=file", "data.path: got nothing, expected a value."],
    ["v=1&data.types=x", "data.types: got an unknown field"],
    ["v=1&data.kind=moons", "data.kind: got an unknown field"],
    ["v=1&model.layers=16tanh-", 'model.layers.1: got "", expected an object'],
    ["v=1&model.layers=99999tanh", "model.layers.0.width: got 99999, expected an integer from 1 to 8192."],
    [`v=1&model.layers=${Array(17).fill("4relu").join("-")}`, "model.layers: got 17 layers, expected at most 16."],
    ["v=1&optimizer.schedule=fast", 'optimizer.schedule.kind: got "fast", expected one of constant'],
    ["v=1&optimizer.schedule.totalSteps=9", "optimizer.schedule.totalSteps: got an unknown field"],
    ["v=1&optimizer.clipping.kind=norm", "optimizer.clipping.kind: got an unknown field"],
    [
      "v=1&optimizer.schedule=warmup-cosine&optimizer.schedule.warmupSteps=200&optimizer.schedule.totalSteps=100",
      "optimizer.schedule.warmupSteps: got 200, expected at most 100, the totalSteps.",
    ],
    ["v=1&stopping.steps=1e99", "stopping.steps: got 1e+99, expected an integer from 0 to 1000000000."],
    ["v=1&batchSize=0", "compute.batchSize: got 0, expected an integer from 1 to 65536."],
    ["v=1&batchSize", 'link: got "batchSize", expected name=value'],
    ["v=1&device=%E0%A4%A", 'link: got "device=%E0%A4%A", expected name=value'],
    ["v=1&__proto__=1", "__proto__: got an unknown field"],
    ["v=1&__proto__.x=1", "__proto__.x: got an unknown field"],
    ["v=1&optimizer.__proto__=1", "optimizer.__proto__: got an unknown field"],
    ["v=1&loss=mse", 'loss.kind: got "mse", expected cross-entropy, as spirals is classification with 3 classes.'],
    ["v=1&data.validation=0.9", "data.validation: got 0.9, expected at most 0.3, what data.train leaves."],
    ["v=1&data.train=0.99", "data.validation: got 0.15, expected at most 0.01, what data.train leaves."],
    ["v=2", 'v: got "2", expected 1.'],
    ["nonsense=1&v=1", "nonsense: got an unknown field"],
  ])("%s", (hash, problem) => {
    const decoded = decodeConfig(hash);
    expect(decoded.problems).toHaveLength(1);
    expect(decoded.problems[0]).toContain(problem);
    expect(decoded.config).toEqual(defaultConfig);
  });

  test("as does a link that is too long", () => {
    const { config, problems } = decodeConfig(`v=1&batchSize=${"9".repeat(100_000)}`);
    expect(config).toEqual(defaultConfig);
    expect(problems).toEqual(["link: got 100014 characters, expected at most 65536. The defaults are used."]);
  });

  test("while the rest of the link is taken", () => {
    const { config, problems } = decodeConfig("v=1&optimizer=foo&optimizer.learningRate=0.5&batchSize=7&order=random");
    expect(config.compute).toEqual({ ...defaultConfig.compute, batchSize: 7 });
    expect(config.optimizer).toEqual({ ...defaultConfig.optimizer, learningRate: 0.5 });
    expect(problems.map((problem) => problem.split(":")[0])).toEqual(["optimizer.kind", "compute.order"]);
  });

  test("and of a field that comes twice the first counts", () => {
    const { config, problems } = decodeConfig("v=1&batchSize=7&batchSize=9");
    expect(config.compute.batchSize).toBe(7);
    expect(problems).toEqual(['batchSize: got a second value "9", expected one. The first one counts.']);
  });

  test("without touching the prototype of all objects", () => {
    decodeConfig("v=1&data=file&data.path=a&data.types.__proto__=numeric&__proto__.polluted=1");
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Readonly<Record<string, unknown>>).polluted).toBeUndefined();
  });
});

describe("whatever the text", () => {
  const keys = [
    "v",
    "data",
    "data.path",
    "data.types",
    "data.types.a",
    "data.seed",
    "data.train",
    "data.validation",
    "model",
    "model.layers",
    "model.seed",
    "model.initializer",
    "model.initializer.gain",
    "loss",
    "loss.x",
    "optimizer",
    "optimizer.learningRate",
    "optimizer.schedule",
    "optimizer.schedule.warmupSteps",
    "optimizer.schedule.totalSteps",
    "optimizer.clipping",
    "stopping.steps",
    "stopping.patience",
    "batchSize",
    "seed",
    "__proto__",
    "x",
  ];
  const values = [
    "1",
    "file",
    "moons",
    "sine",
    "mlp",
    "none",
    "-",
    "1e308",
    "sgd",
    "cosine",
    "norm",
    "zeros",
    "%",
    "mse",
    "0.9",
    "",
    "[]",
    "{}",
    "a=b",
  ];
  const nonsense = fc
    .array(fc.tuple(fc.constantFrom(...keys), fc.constantFrom(...values)), { maxLength: 12 })
    .map((pairs) => pairs.map(([key, value]) => `${key}=${value}`).join("&"));

  test("the answer is a valid configuration that its own link gives back", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.webQueryParameters(), nonsense), (hash) => {
        const { config } = decodeConfig(hash);
        expect(checkConfig(config)).toEqual({ ok: true, config });
        expect(decodeConfig(encodeConfig(config))).toEqual({ config, problems: [] });
      }),
      { numRuns: 1000 },
    );
  });
});
