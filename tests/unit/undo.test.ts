import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkConfig } from "../../src/session/check.ts";
import { defaultConfig, type RunConfig } from "../../src/session/config.ts";
import { describeChange, differences, withoutChange, withoutSeeds } from "../../src/ui/runs/differences.ts";
import { createUndoLog, mergeTime, type Settings } from "../../src/ui/undo.ts";
import { arbitraryConfig } from "../fixtures/arbitraryConfig.ts";

function configured(given: unknown): RunConfig {
  const checked = checkConfig(given);
  if (!checked.ok) throw new Error(checked.problems.join(" "));
  return checked.config;
}

const withRate = (learningRate: number) => configured({ optimizer: { learningRate } });
const settings = (config: RunConfig): Settings => ({ config, baseline: defaultConfig });

/** A log over settings that stand in a variable, with a clock of its own. */
function createBench() {
  let current = settings(defaultConfig);
  let time = 0;
  const log = createUndoLog({
    apply: (next) => {
      current = next;
    },
    now: () => time,
  });
  const change = (config: RunConfig, { later = mergeTime, hot = true } = {}) => {
    time += later;
    const before = current;
    current = settings(config);
    return log.record({ kind: "settings", before, after: current, hot }, time);
  };
  return { log, change, now: () => current.config };
}

describe("the log of changes", () => {
  test("undoes and redoes in order, whatever the changes", () => {
    fc.assert(
      fc.property(fc.array(arbitraryConfig, { minLength: 1, maxLength: 8 }), (configs) => {
        const { log, change, now } = createBench();
        for (const config of configs) change(config);
        for (const config of [defaultConfig, ...configs].slice(0, -1).toReversed()) {
          log.undo();
          expect(now()).toEqual(config);
        }
        log.undo();
        expect(now()).toEqual(defaultConfig);
        for (const config of configs) {
          log.redo();
          expect(now()).toEqual(config);
        }
      }),
      { numRuns: 30 },
    );
  });

  test("forgets what was undone once something else is changed", () => {
    const { log, change, now } = createBench();
    change(withRate(0.1));
    log.undo();
    change(withRate(0.2));
    log.redo();
    expect(now()).toEqual(withRate(0.2));
    expect(log.undone()).toEqual([]);
  });

  test("says what was changed, and when", () => {
    const { log, change } = createBench();
    change(withRate(0.003));
    expect(log.done()).toMatchObject([{ label: "learning rate 0.01 → 3e−3", step: mergeTime }]);
  });

  test("takes a slider that is dragged as one change", () => {
    const { log, change, now } = createBench();
    change(withRate(0.1));
    change(withRate(0.2), { later: mergeTime - 1 });
    expect(log.isMerging()).toBe(true);
    expect(log.done().map(({ label }) => label)).toEqual(["learning rate 0.01 → 0.2"]);
    log.undo();
    expect(now()).toEqual(defaultConfig);
  });

  test.each<[string, RunConfig, { later?: number; hot?: boolean }]>([
    ["later changes of the same setting", withRate(0.2), { later: mergeTime }],
    ["changes of other settings", configured({ optimizer: { learningRate: 0.1, weightDecay: 0.3 } }), { later: 1 }],
    ["a change that begins a fresh run", withRate(0.2), { later: 1, hot: false }],
  ])("keeps apart %s", (_, config, how) => {
    const { log, change } = createBench();
    change(withRate(0.1));
    change(config, how);
    expect(log.done()).toHaveLength(2);
    expect(log.isMerging()).toBe(false);
  });

  test("has no entry for a slider that was dragged back to its place", () => {
    const { log, change } = createBench();
    change(withRate(0.1));
    change(defaultConfig, { later: 1 });
    expect(log.done()).toEqual([]);
  });

  test("holds other deeds beside the settings", () => {
    const { log, change, now } = createBench();
    const runs = new Set(["scree"]);
    runs.delete("scree");
    const deed = { undo: () => void runs.add("scree"), redo: () => void runs.delete("scree") };
    log.record({ kind: "deed", label: "deleted scree", ...deed }, 0);
    change(withRate(0.1));
    log.undo();
    log.undo();
    expect([...runs]).toEqual(["scree"]);
    log.redo();
    expect([...runs]).toEqual([]);
    expect(now()).toEqual(defaultConfig);
  });
});

describe("a change of settings", () => {
  test.each<[object, string]>([
    [{ optimizer: { learningRate: 0.5 } }, "learning rate 0.01 → 0.5"],
    [{ model: { layers: [{ width: 8, activation: "relu" }] } }, "layers 16–16 tanh → 8 relu"],
    [{ optimizer: { kind: "sgd", learningRate: 0.01, weightDecay: 0.01 } }, "optimizer AdamW → SGD"],
    [{ model: { seed: 7 }, compute: { seed: 12_345 } }, "model seed 1 → 7, batch seed 1 → 12345"],
    [{ compute: { deterministic: true } }, "deterministic off → on"],
    [{ stopping: { steps: 100 } }, "limit of steps 0 → 100"],
    [{ data: { noise: 0.3, size: 100, arms: 2, turns: 2 } }, "4 settings"],
    [{}, "no setting"],
  ])("to %j is told as %s", (given, text) => expect(describeChange(defaultConfig, configured(given))).toBe(text));

  test("differs in nothing from itself, and in something from every other configuration", () => {
    fc.assert(
      fc.property(arbitraryConfig, arbitraryConfig, (a, b) => {
        expect(differences(a, a)).toEqual([]);
        if (JSON.stringify(a) !== JSON.stringify(b)) expect(differences(a, b).length).toBeGreaterThan(0);
      }),
      { numRuns: 200 },
    );
  });

  test("taken back alone gives the configuration before it, and keeps later changes", () => {
    fc.assert(
      fc.property(arbitraryConfig, arbitraryConfig, (before, after) => {
        expect(withoutChange(after, before, after)).toEqual(before);
      }),
      { numRuns: 200 },
    );
    const [first, second] = [withRate(0.5), configured({ optimizer: { learningRate: 0.5 }, model: { dropout: 0.2 } })];
    expect(withoutChange(second, defaultConfig, first)).toEqual(configured({ model: { dropout: 0.2 } }));
  });

  test("of seeds alone makes no other group of runs", () => {
    const seeds = configured({ data: { seed: 9 }, model: { seed: 9 }, compute: { seed: 9 } });
    expect(withoutSeeds(seeds)).toEqual(withoutSeeds(defaultConfig));
    expect(withoutSeeds(withRate(0.5))).not.toEqual(withoutSeeds(defaultConfig));
  });
});
