import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkConfig, parseConfig } from "../../src/session/check.ts";
import { defaultConfig, losses, optimizers, type RunConfig } from "../../src/session/config.ts";
import { defaultMember, fieldsOf, placeOfRegistry, type RegistryField, registries } from "../../src/session/fields.ts";
import { arbitraryConfig } from "../fixtures/arbitraryConfig.ts";

function accepted(input: unknown): RunConfig {
  const checked = checkConfig(input);
  if (!checked.ok) throw new Error(checked.problems.join("\n"));
  return checked.config;
}

function problems(input: unknown): readonly string[] {
  const checked = checkConfig(input);
  return checked.ok ? [] : checked.problems;
}

const kindsOf = (registry: object) => Object.keys(registry).join(", ");
const lossesFor = (task: string) =>
  Object.entries(losses)
    .flatMap(([kind, loss]) => (loss.task === task ? [kind] : []))
    .join(" or ");

type RegistryName = keyof typeof registries;

const membersOfAll = (Object.entries(registries) as [RegistryName, RegistryField][]).flatMap(([name, field]) =>
  Object.keys(field.registry).map((kind) => ({ name, kind, field })),
);

/** A configuration with this member where its registry's choice stands, and data that a loss fits. */
function withMember(name: RegistryName, member: { readonly kind: string }): Record<string, unknown> {
  const task = name === "loss" ? losses[member.kind as keyof typeof losses].task : undefined;
  const data = task === undefined ? {} : { data: { kind: task === "regression" ? "sine" : "moons" } };
  const nested = placeOfRegistry[name].reduceRight<unknown>((node, key) => ({ [key]: node }), member);
  return { ...data, ...(nested as Record<string, unknown>) };
}

describe("what is left out", () => {
  test("is the default run when it is everything", () => expect(accepted({})).toEqual(defaultConfig));

  test.each(membersOfAll)("$name $kind takes that kind's own defaults", ({ name, kind, field }) => {
    const found = placeOfRegistry[name].reduce<unknown>(
      (node, key) => (node as Readonly<Record<string, unknown>>)[key],
      accepted(withMember(name, { kind })),
    );
    expect(found).toEqual(defaultMember(field, kind));
  });

  test("is a loss that fits the data", () => {
    expect(accepted({ data: { kind: "sine" } }).loss.kind).toBe("mse");
    expect(accepted({ data: { kind: "moons" } }).loss.kind).toBe("cross-entropy");
  });

  test("of a file is the proposed target, no corrections and filled cells", () => {
    const { data } = accepted({ data: { kind: "file", path: "iris.csv" } });
    expect(data).toEqual({
      ...{ kind: "file", path: "iris.csv", target: "", types: {}, missing: "impute" },
      seed: defaultConfig.data.seed,
      ...{ train: 0.7, validation: 0.15, kept: 1, labelNoise: 0, inputNoise: 0 },
    });
  });

  test("does not share lists between two configurations", () => {
    expect(accepted({}).model.layers).not.toBe(accepted({}).model.layers);
  });
});

test("a valid configuration comes back as it is", () => {
  fc.assert(
    fc.property(arbitraryConfig, (config) => {
      expect(accepted(config)).toEqual(config);
    }),
  );
});

describe("a bad value is named with what was got and what is allowed", () => {
  test.each([
    [{ optimizer: { learningRate: -1 } }, "optimizer.learningRate: got -1, expected a number from 0 to 100."],
    [{ optimizer: { learningRate: Number.NaN } }, "optimizer.learningRate: got NaN, expected a number from 0 to 100."],
    [
      { optimizer: { learningRate: Number.POSITIVE_INFINITY } },
      "optimizer.learningRate: got Infinity, expected a number from 0 to 100.",
    ],
    [{ optimizer: { learningRate: "0.1" } }, 'optimizer.learningRate: got "0.1", expected a number from 0 to 100.'],
    [{ optimizer: { learningRate: null } }, "optimizer.learningRate: got null, expected a number from 0 to 100."],
    [{ optimizer: { kind: "sgd", nesterov: 1 } }, "optimizer.nesterov: got 1, expected true or false."],
    [
      { optimizer: { kind: "adamW" } },
      `optimizer.kind: got "adamW", expected one of ${kindsOf(optimizers)}; did you mean adamw?`,
    ],
    [{ optimizer: { kind: ["sgd"] } }, `optimizer.kind: got a list, expected one of ${kindsOf(optimizers)}.`],
    [{ optimizer: [] }, "optimizer: got a list, expected an object { … }."],
    [{ optimizer: "sgd" }, 'optimizer: got "sgd", expected an object { … }.'],
    [{ model: { layers: [{ width: 0 }] } }, "model.layers.0.width: got 0, expected an integer from 1 to 8192."],
    [{ model: { layers: [{ width: 1.5 }] } }, "model.layers.0.width: got 1.5, expected an integer from 1 to 8192."],
    [{ model: { layers: {} } }, "model.layers: got an object, expected a list of layers."],
    [{ model: { layers: Array(17).fill({ width: 4 }) } }, "model.layers: got 17 layers, expected at most 16."],
    [{ model: { kind: "cnn" } }, 'model.kind: got "cnn", expected one of mlp.'],
    [{ compute: { batchSize: 65_537 } }, "compute.batchSize: got 65537, expected an integer from 1 to 65536."],
    [{ compute: { device: "gpu" } }, 'compute.device: got "gpu", expected one of auto, webgpu, cpu; did you mean cpu?'],
    [{ compute: { seed: -1 } }, "compute.seed: got -1, expected an integer from 0 to 9007199254740991."],
    [{ data: { seed: 2 ** 53 } }, "data.seed: got 9007199254740992, expected an integer from 0 to 9007199254740991."],
    [
      { data: { train: 0.8, validation: 0.3 } },
      "data.validation: got 0.3, expected at most 0.2, what data.train leaves.",
    ],
    [{ data: { kind: "file" } }, "data.path: got nothing, expected a value."],
    [
      { data: { kind: "file", path: "a", types: { b: "text" } } },
      'data.types: got "text" for column "b", expected one of numeric, categorical, ignored.',
    ],
    [
      { data: { kind: "sine" }, loss: { kind: "cross-entropy" } },
      `loss.kind: got "cross-entropy", expected ${lossesFor("regression")}, as sine is regression.`,
    ],
    [
      { data: { kind: "digits" }, loss: { kind: "bce-with-logits" } },
      'loss.kind: got "bce-with-logits", expected cross-entropy, as digits is classification with 10 classes.',
    ],
    [
      { optimizer: { clipping: { kind: "norm", maxNorm: 0 } } },
      "optimizer.clipping.maxNorm: got 0, expected a number from 1e-9 to 1000000000.",
    ],
    [
      { optimizer: { clipping: { kind: "value", limit: 0 } } },
      "optimizer.clipping.limit: got 0, expected a number from 1e-9 to 1000000000.",
    ],
    [
      { optimizer: { schedule: { kind: "warmup-cosine", warmupSteps: 200, totalSteps: 100 } } },
      "optimizer.schedule.warmupSteps: got 200, expected at most 100, the totalSteps.",
    ],
    [
      { optimizer: { schedule: { kind: "warmup-stable-decay", warmupSteps: 60, totalSteps: 100, decaySteps: 50 } } },
      "optimizer.schedule.decaySteps: got 50, expected at most 40, what warmupSteps leaves of totalSteps.",
    ],
    [
      { optimizer: { schedule: { warmupSteps: 200 } }, stopping: { steps: 100 } },
      "optimizer.schedule.warmupSteps: got 200, expected at most 100, the steps of the run (stopping.steps).",
    ],
    [{ optimizer: { kind: "sgd", momentum: 1.01 } }, "optimizer.momentum: got 1.01, expected a number from 0 to 1."],
    [
      { data: { train: 0.7, validation: 0 }, stopping: { patience: 5 } },
      "stopping.patience: got 5, expected 0, as data.validation is 0.",
    ],
    [{ stopping: { seconds: -1 } }, "stopping.seconds: got -1, expected an integer from 0 to 1000000."],
    [{ compute: { precision: "f64" } }, 'compute.precision: got "f64", expected one of f32, f16, bf16.'],
    [{ compute: { accumulation: 65 } }, "compute.accumulation: got 65, expected an integer from 1 to 64."],
    [{ model: { dropout: 1 } }, "model.dropout: got 1, expected a number from 0 to 0.95."],
    [{ version: 2 }, "version: got 2, expected 1, the version of this format."],
    [7, "configuration: got 7, expected an object { … }."],
    [null, "configuration: got null, expected an object { … }."],
  ])("%j", (input, problem) => expect(problems(input)).toEqual([problem]));

  const numbers = membersOfAll.flatMap(({ name, kind, field }) =>
    Object.entries(fieldsOf(field, kind)).flatMap(([parameterName, parameter]) =>
      parameter.kind === "number" ? [{ name, kind, parameterName, parameter }] : [],
    ),
  );

  test.each(numbers)("$name $kind refuses a $parameterName just outside of its range", (given) => {
    const { name, kind, parameterName, parameter } = given;
    for (const value of [parameter.min - 1e-3, parameter.max + Math.max(1e-3, parameter.max * 1e-3)]) {
      const found = problems(withMember(name, { kind, [parameterName]: value }));
      expect(found.join("\n")).toContain(`${placeOfRegistry[name].join(".")}.${parameterName}: got ${value}, expected`);
    }
  });

  test("all of several problems are told", () => {
    expect(problems({ optimizer: { learningRate: -1, beta1: 2 }, compute: { order: "random" } })).toHaveLength(3);
  });
});

describe("an unknown key is refused by name", () => {
  test.each([
    [{ optimizer: { learning_rate: 1 } }, "optimizer.learning_rate: ", "; did you mean learningRate?"],
    [{ optimiser: {} }, "optimiser: ", "; did you mean optimizer?"],
    [{ compute: { batch: 4 } }, "compute.batch: ", "."],
    [{ optimizer: { kind: "adamw", momentum: 0.9 } }, "optimizer.momentum: ", "."],
    [JSON.parse('{"__proto__": {"polluted": 1}}'), "__proto__: ", "."],
    [JSON.parse('{"optimizer": {"constructor": 1}}'), "optimizer.constructor: ", "."],
  ])("%j", (input, start, end) => {
    const [problem = "", ...others] = problems(input);
    expect(problem.startsWith(`${start}got an unknown field, expected`)).toBe(true);
    expect(problem.endsWith(end)).toBe(true);
    expect(others).toEqual([]);
  });
});

describe("fractions", () => {
  test("may add up to 1 in decimals although they do not in binary", () => {
    expect(accepted({ data: { train: 0.7, validation: 0.3 } }).data.validation).toBe(0.3);
  });
  test("may leave everything to training", () => {
    expect(accepted({ data: { train: 1, validation: 0 } }).data.train).toBe(1);
  });
});

describe("values at the edge of their meaning are taken as they are", () => {
  test.each([
    { optimizer: { kind: "sgd", learningRate: 0, momentum: 1 } },
    { compute: { batchSize: 65_536 } },
    { optimizer: { schedule: { kind: "warmup-cosine", warmupSteps: 100, totalSteps: 100 } } },
    { optimizer: { schedule: { kind: "cosine", warmupSteps: 200, totalSteps: 100 } } },
    { optimizer: { schedule: { kind: "one-cycle", warmupSteps: 200, totalSteps: 100 } } },
    { optimizer: { schedule: { kind: "step", factor: 0 } } },
    { data: { labelNoise: 1 } },
  ])("%j", (input) => expect(accepted(input)).toMatchObject(input));
});

test("whatever is given, the check answers and never throws", () => {
  fc.assert(
    fc.property(
      fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true, withTypedArray: true }),
      (input) => {
        const found = checkConfig({ data: input, model: { layers: input }, compute: input });
        expect(typeof found.ok).toBe("boolean");
      },
    ),
  );
});

describe("JSON text", () => {
  test.each([
    ["", "configuration: line 1, column 1: got the end of the text, expected a value."],
    ["{", "configuration: line 1, column 2: got the end of the text, expected a key in double quotes."],
    ['{\n  "data": {},\n}', 'configuration: line 3, column 1: got "}", expected a key in double quotes.'],
    ['{"loss" 1}', 'configuration: line 1, column 9: got "1", expected a colon after the key.'],
    ['{"loss": {"kind": "mse"} "data": {}}', 'configuration: line 1, column 26: got "\\"", expected a comma or }.'],
    ['{"data": NaN}', 'configuration: line 1, column 10: got "N", expected a value.'],
    ["{} x", 'configuration: line 1, column 4: got "x", expected the end of the text.'],
    [
      '{"data": {}, "data": {}}',
      'configuration: line 1, column 14: got the key "data" again, expected every key once.',
    ],
    ['{"data": "a\nb"}', 'configuration: line 1, column 12: got "\\n", expected a quote that closes the string.'],
    ['{"data": "\\q"}', 'configuration: line 1, column 10: got "\\"", expected a string with the escapes of JSON.'],
    ["[".repeat(100_000), 'configuration: line 1, column 65: got "[", expected at most 64 values inside each other.'],
  ])("%j says line and column", (text, problem) =>
    expect(parseConfig(text)).toEqual({ ok: false, problems: [problem] }),
  );

  test("reads whatever JSON writes", () => {
    fc.assert(
      fc.property(arbitraryConfig, fc.constantFrom(undefined, 2, "\t"), (config, indent) => {
        expect(parseConfig(JSON.stringify(config, null, indent))).toEqual({ ok: true, config });
      }),
    );
  });
});
