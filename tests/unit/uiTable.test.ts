import { expect, test } from "vitest";
import type { TablePreview } from "../../src/data/table.ts";
import { askedByTable, fileDataOf, missingCells, taskOfTable, withType } from "../../src/ui/table.ts";

const column = (name: string, type: "numeric" | "categorical", missing = 0) =>
  ({ name, type, missing, distinct: 3, examples: [] }) as const;

const penguins: TablePreview = {
  name: "penguins.csv",
  rows: 344,
  columns: [column("species", "categorical"), column("mass", "numeric", 2), column("sex", "categorical", 11)],
  head: [],
  target: "species",
};
const split = { seed: 3, train: 0.7, validation: 0.15, kept: 1, labelNoise: 0, inputNoise: 0 };

test("a file just opened takes the reader's proposals and keeps the split", () => {
  const data = fileDataOf(penguins, { kind: "moons", ...split });
  expect(data).toEqual({
    kind: "file",
    path: "penguins.csv",
    target: "species",
    types: {},
    missing: "impute",
    ...split,
  });
});

test("choices of a link survive opening the file that they are about, and no other", () => {
  const linked = { kind: "file", path: "penguins.csv", target: "mass", types: {}, missing: "drop", ...split } as const;
  expect(fileDataOf(penguins, linked).target).toBe("mass");
  expect(fileDataOf({ ...penguins, name: "other.csv" }, linked).target).toBe("species");
});

test("the target's values are the classes that a loss must tell apart", () => {
  const data = fileDataOf(penguins, { kind: "moons", ...split });
  expect(askedByTable(penguins, data)).toEqual({ task: "classification", classes: 3 });
  expect(askedByTable(undefined, data)).toBeUndefined();
});

test("the target's type, corrected or not, decides the task", () => {
  const data = fileDataOf(penguins, { kind: "moons", ...split });
  expect(taskOfTable(penguins, data)).toBe("classification");
  expect(taskOfTable(penguins, { ...data, target: "mass" })).toBe("regression");
  const corrected = { ...data, target: "mass", types: withType(penguins, {}, "mass", "categorical") };
  expect(taskOfTable(penguins, corrected)).toBe("classification");
  expect(taskOfTable(undefined, data)).toBeUndefined();
});

test("a correction back to the detected type leaves no trace", () => {
  const corrected = withType(penguins, {}, "mass", "ignored");
  expect(corrected).toEqual({ mass: "ignored" });
  expect(withType(penguins, corrected, "mass", "numeric")).toEqual({});
});

test("missing cells are counted in total and by column", () => {
  expect(missingCells(penguins)).toBe("13 missing cells: mass 2, sex 11");
  expect(missingCells({ ...penguins, columns: [column("mass", "numeric")] })).toBeUndefined();
});
