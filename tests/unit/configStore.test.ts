import { describe, expect, test } from "vitest";
import { checkConfig } from "../../src/session/check.ts";
import { defaultConfig, type RunConfig } from "../../src/session/config.ts";
import { createConfigStore } from "../../src/ui/configStore.ts";

function configured(given: unknown): RunConfig {
  const checked = checkConfig(given);
  if (!checked.ok) throw new Error(checked.problems.join(" "));
  return checked.config;
}

const withRate = (learningRate: number) => configured({ optimizer: { learningRate } });

function createBench({ goesOn = true, refusal = "" } = {}) {
  const taken: RunConfig[] = [];
  const problems: string[] = [];
  let step = 0;
  const store = createConfigStore({
    initial: defaultConfig,
    onChange: (config) => taken.push(config),
    onProblems: (list) => problems.push(...list),
    goesOn: () => goesOn,
    step: () => step,
    refusal: () => refusal || undefined,
  });
  const at = (now: number) => {
    step = now;
  };
  return { store, taken, problems, at };
}

describe("a change", () => {
  test("reaches the run once, and its undo and redo once each", () => {
    const { store, taken } = createBench();
    store.change(withRate(0.5));
    store.change(withRate(0.5));
    store.undo();
    store.redo();
    store.redo();
    expect(taken).toEqual([withRate(0.5), defaultConfig, withRate(0.5)]);
  });

  test("that does not hold changes nothing and has no entry", () => {
    const { store, taken, problems } = createBench();
    store.change({ optimizer: { learningRate: -1 } });
    expect(problems).toHaveLength(1);
    expect(taken).toEqual([]);
    expect(store.log.done()).toEqual([]);
  });

  test("that is refused changes nothing and says why", () => {
    const { store, taken, problems } = createBench({ refusal: "locked" });
    store.change(withRate(0.5));
    store.load(withRate(0.5));
    expect(problems).toEqual(["locked", "locked"]);
    expect(taken).toEqual([]);
    expect(store.config()).toBe(defaultConfig);
  });

  test("of everything at once brings its baseline back when it is undone", () => {
    const { store } = createBench();
    const preset = configured({ data: { kind: "moons" } });
    store.load(preset);
    expect(store.baseline()).toEqual(preset);
    store.undo();
    expect(store.baseline()).toEqual(defaultConfig);
    expect(store.config()).toEqual(defaultConfig);
  });

  test("can be taken back alone, which is a change of its own", () => {
    const { store } = createBench();
    store.change(withRate(0.5));
    store.change({ ...store.config(), model: { ...store.config().model, dropout: 0.2 } });
    const [first] = store.log.done();
    if (first === undefined) throw new Error("no entry");
    store.revert(first);
    expect(store.config()).toEqual(configured({ model: { dropout: 0.2 } }));
    expect(store.log.done()).toHaveLength(3);
    store.undo();
    expect(store.config().optimizer.learningRate).toBe(0.5);
  });
});

describe("a marker", () => {
  test("stands where a run went on with another setting, and where that was undone", () => {
    const { store, at } = createBench();
    at(1240);
    store.change(withRate(0.003));
    at(1500);
    store.undo();
    expect(store.markers()).toEqual([
      { step: 1240, label: "learning rate 0.01 → 3e−3", kind: "settings" },
      { step: 1500, label: "learning rate 3e−3 → 0.01", kind: "settings" },
    ]);
    store.clearMarkers();
    expect(store.markers()).toEqual([]);
  });

  test("is one for a slider that is dragged, at its first step and with its last value", () => {
    const { store, at } = createBench();
    at(100);
    store.change(withRate(0.1));
    at(120);
    store.change(withRate(0.2));
    expect(store.markers()).toEqual([{ step: 100, label: "learning rate 0.01 → 0.2", kind: "settings" }]);
  });

  test("does not stand at a change that begins a fresh run, or before the first step", () => {
    const fresh = createBench({ goesOn: false });
    fresh.at(100);
    fresh.store.change(withRate(0.1));
    expect(fresh.store.markers()).toEqual([]);
    const early = createBench();
    early.store.change(withRate(0.1));
    expect(early.store.markers()).toEqual([]);
  });

  test("of a later change moves to the step that a run goes back to, and what is changed there is marked there", () => {
    const { store, at } = createBench();
    at(50);
    store.change(withRate(0.1));
    at(150);
    store.change(configured({ optimizer: { learningRate: 0.1, weightDecay: 1 } }));
    at(156);
    store.rewind(136);
    store.change(configured({ optimizer: { learningRate: 0.05, weightDecay: 1 } }), 136);
    expect(store.markers().map(({ step }) => step)).toEqual([50, 136, 136]);
    expect(store.log.done().at(-1)?.step).toBe(136);
    store.rewind(0);
    expect(store.markers()).toEqual([]);
  });

  test("does not stand where nothing but a limit changed", () => {
    const { store, at } = createBench();
    at(100);
    store.change(configured({ stopping: { steps: 500 } }));
    expect(store.markers()).toEqual([]);
    expect(store.log.done()).toHaveLength(1);
  });
});
