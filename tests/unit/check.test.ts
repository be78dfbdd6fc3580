import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkConfig, parseConfig } from "../../src/session/check.ts";
import { defaultConfig, type RunConfig } from "../../src/session/config.ts";
import { defaultMember, fieldsOf, registries } from "../../src/session/fields.ts";
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

describe("what is left out", () => {
  test("is the default run when it is everything", () => expect(accepted({})).toEqual(defaultConfig));

  test.each(
    Object.entries(registries).flatMap(([part, field]) =>
      Object.keys(field.registry).map((kind) => [part, kind, field] as const),
    ),
  )("%s %s takes that kind's own defaults", (part, kind, field) => {
    const given = part === "initializer" ? { model: { initializer: { kind } } } : { [part]: { kind } };
    const data = part === "loss" ? { data: { kind: kind === "mse" ? "sine" : "moons" } } : {};
    const config = accepted({ ...data, ...given });
    const found = part === "initializer" ? config.model.initializer : config[part as "data" | "loss" | "optimizer"];
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
      train: 0.7,
      validation: 0.15,
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
      'optimizer.kind: got "adamW", expected one of adam, adamw, sgd; did you mean adamw?',
    ],
    [{ optimizer: { kind: ["sgd"] } }, "optimizer.kind: got a list, expected one of adam, adamw, sgd."],
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
      'loss.kind: got "cross-entropy", expected mse, as sine is regression.',
    ],
    [{ version: 2 }, "version: got 2, expected 1, the version of this format."],
    [7, "configuration: got 7, expected an object { … }."],
    [null, "configuration: got null, expected an object { … }."],
  ])("%j", (input, problem) => expect(problems(input)).toEqual([problem]));

  const numbers = Object.entries(registries).flatMap(([part, field]) =>
    Object.keys(field.registry).flatMap((kind) =>
      Object.entries(fieldsOf(field, kind)).flatMap(([name, parameter]) =>
        parameter.kind === "number" ? [{ part, kind, name, parameter }] : [],
      ),
    ),
  );

  test.each(numbers)("$part $kind refuses a $name just outside of its range", ({ part, kind, name, parameter }) => {
    for (const value of [parameter.min - 1e-3, parameter.max + Math.max(1e-3, parameter.max * 1e-3)]) {
      const member = { kind, [name]: value };
      const inModel = part === "initializer";
      const found = problems(inModel ? { model: { initializer: member } } : { [part]: member });
      expect(found.join("\n")).toContain(`${inModel ? "model." : ""}${part}.${name}: got ${value}, expected`);
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
