import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTable } from "../../src/data/csv.ts";
import * as datasets from "../../src/data/index.ts";
import { type PreparedData, prepareExamples, prepareTable } from "../../src/data/prepare.ts";
import { splitNames, splitRows } from "../../src/data/split.ts";
import { DataError, type Table, type TableChoices } from "../../src/data/table.ts";
import { defaultsOf } from "../../src/lib/hyperparameters.ts";
import { createRandom } from "../../src/lib/random.ts";

const usual = { seed: 1, train: 0.7, validation: 0.15 };
const whole = { seed: 1, train: 1, validation: 0 };
/** Float32 rounding of numbers of size 1 to 4, twice. */
const TOLERANCE = 2 ** -21;

const choose = (target: string, more: Partial<TableChoices> = {}): TableChoices => ({
  target,
  types: {},
  missing: "impute",
  ...more,
});

const countsOf = (data: PreparedData): number[] => splitNames.map((name) => data.splits[name].count);

describe("splitRows", () => {
  it("divides 150 examples 105, 23, 22 by default", () => {
    const rows = splitRows(150, usual);
    expect(splitNames.map((name) => rows[name].length)).toEqual([105, 23, 22]);
  });

  it("puts every example into exactly one split, in ascending order, for any sizes, fractions and labels", () => {
    const cases = fc.record({
      n: fc.integer({ min: 1, max: 200 }),
      train: fc.double({ min: 0.01, max: 1, noNaN: true }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      classes: fc.option(fc.integer({ min: 1, max: 9 })),
      seed: fc.maxSafeInteger(),
    });
    fc.assert(
      fc.property(cases, ({ n, train, share, classes, seed }) => {
        const labels = classes === null ? undefined : Array.from({ length: n }, (_, i) => (i * i) % classes);
        const rows = splitRows(n, { seed, train, validation: (1 - train) * share }, labels);
        const all = splitNames.flatMap((name) => [...rows[name]]);
        expect(all.sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
        for (const name of splitNames) expect([...rows[name]]).toEqual([...rows[name]].sort((a, b) => a - b));
        expect(rows.train.length).toBeGreaterThan(0);
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it("leaves no split empty that asked for some, as far as the examples go", () => {
    const lengths = (n: number, train: number, validation: number) => {
      const rows = splitRows(n, { seed: 1, train, validation });
      return splitNames.map((name) => rows[name].length);
    };
    expect(lengths(3, 0.98, 0.01)).toEqual([1, 1, 1]);
    expect(lengths(3, 0.01, 0.98)).toEqual([1, 1, 1]);
    expect(lengths(1, 0.2, 0.1)).toEqual([1, 0, 0]);
    expect(lengths(10, 0.7, 0.3)).toEqual([7, 3, 0]);
    expect(lengths(10, 1, 0)).toEqual([10, 0, 0]);
  });

  it("is stratified: each class has its share of each split to within one example", () => {
    const sizes = [60, 25, 10, 5];
    const labels = sizes.flatMap((size, label) => Array.from({ length: size }, () => label));
    const rows = splitRows(labels.length, usual, labels);
    for (const name of splitNames) {
      const fraction = rows[name].length / labels.length;
      sizes.forEach((size, label) => {
        const count = rows[name].filter((row) => labels[row] === label).length;
        expect(Math.abs(count - size * fraction), `class ${label} in ${name}`).toBeLessThanOrEqual(1);
      });
    }
  });

  it("depends on the seed, and on nothing of the examples' own stream", () => {
    expect(splitRows(50, usual)).toEqual(splitRows(50, usual));
    expect(splitRows(50, usual).test).not.toEqual(splitRows(50, { ...usual, seed: 2 }).test);
  });

  it.each([
    [{ train: 0, validation: 0.5 }, /^training fraction: got 0,/],
    [{ train: -0.1, validation: 0.5 }, /^training fraction: got -0\.1,/],
    [{ train: Number.NaN, validation: 0.5 }, /^training fraction: got NaN,/],
    [{ train: 0.7, validation: 0.31 }, /^validation fraction: got 0\.31, expected 0 to 0\.3,/],
    [{ train: 0.7, validation: -0.1 }, /^validation fraction: got -0\.1,/],
  ])("refuses the fractions %j", (fractions, message) => {
    expect(() => splitRows(100, { seed: 1, ...fractions })).toThrow(DataError);
    expect(() => splitRows(100, { seed: 1, ...fractions })).toThrow(message);
  });
});

describe("prepareExamples", () => {
  it("keeps inputs and labels together, unscaled, and every class in every split", () => {
    const { spirals } = datasets;
    const examples = spirals.sample(defaultsOf(spirals.hyperparameters), createRandom(1, "data"));
    const data = prepareExamples(examples, usual);
    expect(countsOf(data)).toEqual([420, 90, 90]);
    expect([data.inputWidth, data.targetWidth, data.outputs]).toEqual([2, 1, 3]);
    const labelOf = new Map(
      [...examples.targets].map((label, i) => [examples.inputs.slice(2 * i, 2 * i + 2).join(), label]),
    );
    for (const name of splitNames) {
      const { count, inputs, targets } = data.splits[name];
      for (let i = 0; i < count; i++) expect(labelOf.get(inputs.slice(2 * i, 2 * i + 2).join())).toBe(targets[i]);
      expect([0, 1, 2].map((label) => targets.filter((target) => target === label).length)).toEqual(
        Array(3).fill(count / 3),
      );
    }
  });

  it("keeps the numbers of several regression targets together", () => {
    const data = prepareExamples(
      {
        task: "regression",
        inputs: Float32Array.from({ length: 10 }, (_, i) => i),
        targets: Float32Array.from({ length: 20 }, (_, i) => 5 * i),
        featureNames: ["x"],
        targetNames: ["u", "v"],
      },
      usual,
    );
    expect([data.targetWidth, data.outputs]).toEqual([2, 2]);
    for (const name of splitNames) {
      const { inputs, targets } = data.splits[name];
      expect([...targets]).toEqual([...inputs].flatMap((x) => [10 * x, 10 * x + 5]));
    }
  });
});

describe("prepareTable", () => {
  const small = "x,colour,size,kind\n1,red,1,b\n3,blue,1,a\n?,red,1,b\n5,NA,1,a\n7,green,1,\n3,red,1,b\n";

  it("standardises numbers, gives each category an input, and fills missing cells", async () => {
    const data = prepareTable(await parseTable(small), choose("kind"), whole);
    expect(data.task).toBe("classification");
    expect(data.targetNames).toEqual(["b", "a"]);
    expect(data.featureNames).toEqual(["x", "colour = red", "colour = blue", "size"]);
    expect([data.inputWidth, data.targetWidth, data.outputs]).toEqual([4, 1, 2]);
    // x is 1, 3, missing, 5, 3: mean 3, variance (4 + 0 + 4 + 0) / 4 = 2. The constant `size` is 0.
    const z = Math.fround(2 / Math.sqrt(2));
    expect([...data.splits.train.inputs]).toEqual(
      [
        [-z, 1, 0, 0],
        [0, 0, 1, 0],
        [0, 1, 0, 0],
        [z, 1, 0, 0],
        [0, 1, 0, 0],
      ].flat(),
    );
    expect([...data.splits.train.targets]).toEqual([0, 1, 0, 1, 0]);
    const notes = data.notes.join("\n");
    expect(notes).toContain("1 of 6 rows dropped because cells are missing (kind 1).");
    expect(notes).toContain("x: 1 missing filled with the training mean, 3.");
    expect(notes).toContain('colour: 1 missing filled with the commonest training value, "red".');
    expect(notes).toContain("size: constant in the training split");
  });

  it("drops rows with missing cells where asked, and says which columns lacked them", async () => {
    const data = prepareTable(await parseTable(small), choose("kind", { missing: "drop" }), whole);
    expect(data.splits.train.count).toBe(3);
    expect(data.notes).toContain("3 of 6 rows dropped because cells are missing (x 1, colour 1, kind 1).");
    const without = choose("kind", { missing: "drop", types: { colour: "ignored" } });
    const kept = prepareTable(await parseTable(small), without, whole);
    expect(kept.splits.train.count).toBe(4);
    expect(kept.notes).toContain('Columns not used: "colour".');
  });

  it("standardises a numeric target and keeps what takes it back to raw units", async () => {
    const data = prepareTable(await parseTable("x;y\n1;10,5\n2;20,5\n3;30,5\n4;40,5"), choose("y"), whole);
    expect(data.task).toBe("regression");
    expect(data.targetNames).toEqual(["y"]);
    const scale = data.targetScale;
    if (scale === undefined) throw new Error("no targetScale");
    expect(scale.mean).toBe(25.5);
    const raw = [...data.splits.train.targets].map((value) => value * scale.standardDeviation + scale.mean);
    const errors = [10.5, 20.5, 30.5, 40.5].map((value, i) => Math.abs(value - raw[i]));
    expect(Math.max(...errors)).toBeLessThan(40 * TOLERANCE);
    expect(data.notes.join()).toContain("Target y standardised over the training split (mean 25.5");
  });

  it("takes a numeric column as classes where its type is corrected", async () => {
    const table = await parseTable("x,digit\n1,7\n2,0\n3,7\n4,0");
    const data = prepareTable(table, choose("digit", { types: { digit: "categorical" } }), whole);
    expect(data.targetNames).toEqual(["7", "0"]);
    expect(data.targetScale).toBeUndefined();
  });

  describe("with 100 rows", () => {
    const random = createRandom(3, "data");
    const lines = Array.from({ length: 100 }, (_, i) => [
      i,
      (3 * random.normal() + 5).toFixed(4),
      `g${i % 4}`,
      `k${i % 3}`,
    ]);
    const tableOf = (rows: readonly (readonly unknown[])[]): Promise<Table> =>
      parseTable(`row,x,group,kind\n${rows.map((row) => row.join()).join("\n")}`);
    const choices = choose("kind", { types: { row: "ignored" } });

    it("gives training numbers mean 0 and variance 1, but not the other splits' numbers", async () => {
      const { splits, inputWidth } = prepareTable(await tableOf(lines), choices, usual);
      const moments = (name: (typeof splitNames)[number]) => {
        const x = splits[name].inputs.filter((_, i) => i % inputWidth === 0);
        const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
        return { mean, variance: x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length };
      };
      expect(Math.abs(moments("train").mean)).toBeLessThan(TOLERANCE);
      expect(Math.abs(moments("train").variance - 1)).toBeLessThan(4 * TOLERANCE);
      expect(Math.abs(moments("validation").mean)).toBeGreaterThan(TOLERANCE);
    });

    it("learns nothing from validation and test rows: changing their features changes no training input", async () => {
      const labels = lines.map((_, i) => i % 3);
      const { train } = splitRows(100, usual, labels);
      const changed = lines.map((line, i) => (train.includes(i) ? line : [i, 1e6 + i, "never seen", line[3]]));
      const before = prepareTable(await tableOf(lines), choices, usual);
      const after = prepareTable(await tableOf(changed), choices, usual);
      expect(after.splits.train).toEqual(before.splits.train);
      expect(after.featureNames).toEqual(before.featureNames);
      expect(after.splits.validation.inputs).not.toEqual(before.splits.validation.inputs);
      expect(after.notes).toContain('group: "never seen" not in the training split, encoded as none of its values.');
      const touched = lines.map((line, i) => (i === train[0] ? [i, 1e6, line[2], line[3]] : line));
      expect(prepareTable(await tableOf(touched), choices, usual).splits.train).not.toEqual(before.splits.train);
    });

    it("drops nothing and splits by class", async () => {
      const data = prepareTable(await tableOf(lines), choices, usual);
      expect(countsOf(data)).toEqual([70, 15, 15]);
      for (const label of [0, 1, 2]) {
        expect(data.splits.validation.targets.filter((target) => target === label).length).toBeGreaterThanOrEqual(4);
      }
    });
  });

  it.each([
    [
      "a target that is no column",
      choose("nope"),
      /^target: got "nope", expected one of "x", "colour", "size", "kind"/,
    ],
    ["a type for no column", choose("kind", { types: { nope: "numeric" } }), /^column types: got "nope"/],
    [
      "a target with one class",
      choose("size", { types: { size: "categorical" } }),
      /^target "size": got 1 classes, expected 2/,
    ],
    [
      "text as numbers, in the target",
      choose("kind", { types: { kind: "numeric" } }),
      /^column "kind": got "b" in row 1/,
    ],
    [
      "text as numbers, in a feature",
      choose("kind", { types: { colour: "numeric" } }),
      /^column "colour": got "red" in row 1/,
    ],
    ["a target that is ignored", choose("kind", { types: { kind: "ignored" } }), /^target "kind": got type "ignored"/],
    [
      "no feature",
      choose("kind", { types: { x: "ignored", colour: "ignored", size: "ignored" } }),
      /^features: got none besides the target "kind"/,
    ],
  ])("refuses %s, naming the column", async (_, choices, message) => {
    const table = await parseTable(small);
    expect(() => prepareTable(table, choices, usual)).toThrow(DataError);
    expect(() => prepareTable(table, choices, usual)).toThrow(message);
  });

  it("refuses more than a thousand classes, or values of a category", async () => {
    const table = await parseTable(`id,x\n${Array.from({ length: 1100 }, (_, i) => `n${i},${i % 2}`).join("\n")}`);
    expect(() => prepareTable(table, choose("id"), usual)).toThrow(
      /^target "id": got 1100 classes, expected 2 to 1000/,
    );
    const asFeature = choose("x", { types: { id: "categorical" } });
    expect(() => prepareTable(table, asFeature, whole)).toThrow(
      /^column "id": got 1100 different values, expected at most 1000/,
    );
  });

  it("refuses a table of which no row is left", async () => {
    const table = await parseTable("x,y\n1,\n,2\n");
    expect(() => prepareTable(table, choose("y", { missing: "drop", types: { x: "numeric" } }), usual)).toThrow(
      /^rows: got none without missing cells \(y 1, x 1\)/,
    );
  });

  it("takes column names for names only, whatever they are in JavaScript", async () => {
    const table = await parseTable("__proto__,constructor,y\n1,2,a\n3,4,b\n");
    expect(prepareTable(table, choose("y"), whole).featureNames).toEqual(["__proto__", "constructor"]);
  });
});
