import { describe, expect, it } from "vitest";
import type { batchColumns } from "../../src/engine/batch.ts";
import { muon } from "../../src/engine/optimizers/index.ts";
import { batchColumn, stepBatches, stepTables } from "../../src/session/stepTable.ts";
import { configOf } from "../training/runOf.ts";

const names = Object.keys(muon.scalars);
const batches = { examples: 10, batchSize: 4, accumulation: 1, isShuffled: true };

/** A scalar of Muon's rows for these steps. */
function scalarsOf(optimizer: object, steps: number, name: keyof typeof muon.scalars): readonly number[] {
  const config = configOf({ optimizer: { kind: "muon", ...optimizer } });
  const { scalars } = stepTables(config, { first: 1, count: steps, replicas: 1, batches });
  return Array.from({ length: steps }, (_, step) => scalars[step * names.length + names.indexOf(name)] ?? Number.NaN);
}

describe("the table of an optimizer's scalars", () => {
  const halving = { schedule: { kind: "step", every: 1, factor: 0.5 }, adamwLearningRate: 0.25, adamwWeightDecay: 1 };

  it.each([0, 0.02])(
    "multiplies Muon's further learning rate by the schedule, where its first is %d",
    (learningRate) => {
      const optimizer = { ...halving, learningRate };
      expect(scalarsOf(optimizer, 3, "adamwShrink")).toEqual([0.25, 0.125, 0.0625]);
      expect(scalarsOf(optimizer, 3, "learningRate")).toEqual(
        [1, 0.5, 0.25].map((factor) => Math.fround(factor * learningRate)),
      );
    },
  );

  it("multiplies both by the batch's size where that is asked for", () => {
    const scaled = { ...halving, batchScaling: "linear", referenceBatch: 1, learningRate: 0.5 };
    expect(scalarsOf(scaled, 1, "adamwShrink")).toEqual([1]);
    expect(scalarsOf(scaled, 1, "learningRate")).toEqual([2]);
  });

  it("has a row for each replica of each step", () => {
    const config = configOf({ optimizer: { kind: "muon", ...halving } });
    const range = { first: 1, count: 2, batches };
    const one = stepTables(config, { ...range, replicas: 1 }).scalars;
    const two = stepTables(config, { ...range, replicas: 2 }).scalars;
    const [first, second] = [one.subarray(0, names.length), one.subarray(names.length)];
    expect([...two]).toEqual([...first, ...first, ...second, ...second]);
  });
});

describe("the table of a step's batches", () => {
  const rows = stepBatches({ first: 2, count: 3, batches: { ...batches, accumulation: 2 } });
  const column = (name: (typeof batchColumns)[number]) => [...batchColumn(rows, name)];

  it("goes on where the step before ended, takes every example once an epoch, and what is left at its end", () => {
    expect(column("start")).toEqual([8, 0, 4, 8, 0, 4]);
    expect(column("count")).toEqual([2, 4, 4, 2, 4, 4]);
    expect(column("epoch")).toEqual([0, 1, 1, 1, 2, 2]);
  });

  it("says of each batch whose step it is, and whether the epoch is shuffled", () => {
    expect(column("step")).toEqual([2, 2, 3, 3, 4, 4]);
    expect(column("shuffled")).toEqual([1, 1, 1, 1, 1, 1]);
  });
});
