import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkConfig } from "../../src/session/check.ts";
import { defaultConfig, type RunConfig } from "../../src/session/config.ts";
import { bandOf, MAX_POINTS, pointsOf, thinned } from "../../src/ui/runs/curve.ts";
import { decodeRuns, encodeRuns } from "../../src/ui/runs/files.ts";
import { groupsOf, inTableOrder, overlaysOf, shownRuns } from "../../src/ui/runs/groups.ts";
import { nameOf } from "../../src/ui/runs/names.ts";
import { checkRecord, type RunRecord, readableRecords } from "../../src/ui/runs/record.ts";
import { freeSeries } from "../../src/ui/runs/recorder.ts";
import { sparklineOf } from "../../src/ui/runs/sparklinePicture.ts";
import { arbitraryConfig } from "../fixtures/arbitraryConfig.ts";

function configured(given: unknown): RunConfig {
  const checked = checkConfig(given);
  if (!checked.ok) throw new Error(checked.problems.join(" "));
  return checked.config;
}

const recordOf = (given: Partial<RunRecord> & { readonly id: string }): RunRecord => ({
  ...{ name: "long scree", note: "", starred: false, pinned: false, shown: null, series: 2 },
  ...{ created: 0, config: defaultConfig, markers: [], device: "CPU", steps: 10, seconds: 1.5 },
  best: { step: 10, loss: 0.5, accuracy: 0.9 },
  validation: { step: [0, 10], value: [1, 0.5] },
  training: { step: [1, 10], value: [1, 0.5] },
  gradNorm: { step: [1, 10], value: [1, null] },
  ...given,
});

describe("a kept curve", () => {
  const noisy = fc.array(
    fc.oneof({ weight: 9, arbitrary: fc.double({ min: -1e6, max: 1e6 }) }, fc.constant(Number.NaN)),
    {
      minLength: 1,
      maxLength: 5000,
    },
  );

  test("has at most 512 points, its first and last step, its extremes, and steps in order", () => {
    fc.assert(
      fc.property(noisy, (values) => {
        const steps = values.map((_, index) => 3 * index);
        const { step, value } = thinned(steps, values);
        expect(step.length).toBeLessThanOrEqual(MAX_POINTS);
        expect([step[0], step.at(-1)]).toEqual([steps[0], steps.at(-1)]);
        expect(step.every((at, index) => index === 0 || at > (step[index - 1] ?? 0))).toBe(true);
        const finite = values.filter(Number.isFinite);
        const kept = value.flatMap((each) => each ?? []);
        for (const extreme of [Math.min(...finite), Math.max(...finite)].filter(Number.isFinite)) {
          expect(kept).toContain(Number(extreme.toPrecision(6)));
        }
      }),
      { numRuns: 100 },
    );
  });

  test("of a million steps keeps a single spike", () => {
    const values = new Float64Array(1_000_000).fill(1);
    values[654_321] = 99;
    const steps = Float64Array.from(values, (_, index) => index + 1);
    const points = pointsOf(thinned(steps, values));
    expect(points.find(([, value]) => value === 99)?.[0]).toBe(654_322);
  });

  test("that is short is kept whole, with gaps where it was not a number", () => {
    expect(thinned([1, 2, 3], [1, Number.NaN, 3])).toEqual({ step: [1, 2, 3], value: [1, null, 3] });
    expect(thinned([], [])).toEqual({ step: [], value: [] });
  });

  test("of several seeds is a band over the steps of all of them, of those that go so far", () => {
    const band = bandOf([
      { step: [0, 10, 20], value: [4, 2, 1] },
      { step: [0, 5, 10], value: [2, 3, 4] },
      { step: [5], value: [9] },
    ]);
    expect(band.step).toEqual([0, 5, 10, 20]);
    expect(band.low).toEqual([2, 3, 2, 1]);
    expect(band.high).toEqual([4, 9, 4, 1]);
    expect(band.mean).toEqual([3, 5, 3, 1]);
  });

  test("of several seeds is a band that no point of them leaves", () => {
    const curve = fc.uniqueArray(fc.nat(60), { minLength: 1 }).chain((steps) =>
      fc.record({
        step: fc.constant(steps.toSorted((a, b) => a - b)),
        value: fc.array(fc.double({ min: 1e-3, max: 9, noNaN: true }), {
          minLength: steps.length,
          maxLength: steps.length,
        }),
      }),
    );
    fc.assert(
      fc.property(fc.array(curve, { minLength: 1, maxLength: 4 }), (curves) => {
        const { step, low, mean, high } = bandOf(curves);
        for (const each of curves) {
          for (const [at, value] of pointsOf(each)) {
            const place = step.indexOf(at);
            expect(low[place]).toBeLessThanOrEqual(value);
            expect(high[place]).toBeGreaterThanOrEqual(value);
          }
        }
        // A mean of equal numbers may differ from them in its last digit.
        const slack = 1e-9;
        expect(mean.every((value, at) => value >= (low[at] ?? 9) - slack && value <= (high[at] ?? 0) + slack)).toBe(
          true,
        );
      }),
    );
  });
});

describe("names", () => {
  test("are two words that the seed determines", () => {
    expect(nameOf(7, new Set())).toMatch(/^[a-z]+ [a-z]+$/);
    expect(nameOf(7, new Set())).toBe(nameOf(7, new Set()));
    const names = new Set(Array.from({ length: 100 }, (_, seed) => nameOf(seed, new Set())));
    // Of 100 draws from about 3,000 pairs, two or three coincide on average; 90 would be missed once in 10^4 times.
    expect(names.size).toBeGreaterThan(90);
  });

  test("are never given twice, not even when all words are used up", () => {
    const taken = new Set<string>();
    for (let run = 0; run < 500; run++) {
      const name = nameOf(1, taken);
      expect(taken.has(name)).toBe(false);
      taken.add(name);
    }
  });
});

describe("a file of runs", () => {
  const runs = [recordOf({ id: "a" }), recordOf({ id: "b", note: "with „quotes“ \n and lines", best: null })];

  test("gives the same runs back", () => expect(decodeRuns(encodeRuns(runs))).toEqual({ ok: true, runs }));

  test("gives back a run of any configuration", () => {
    fc.assert(
      fc.property(arbitraryConfig, (config) => {
        const run = recordOf({ id: "a", config });
        expect(decodeRuns(encodeRuns([run]))).toEqual({ ok: true, runs: [run] });
      }),
      { numRuns: 100 },
    );
  });

  const spoilt = (change: object) =>
    encodeRuns([runs[0] as RunRecord, { ...recordOf({ id: "b" }), ...change } as RunRecord]);
  test.each<[string, string, RegExp]>([
    ["an empty file", "", /^Runs file: it is not JSON/],
    ["a broken file", '{"format":"downhill-runs",', /^Runs file: it is not JSON. line 1/],
    ["another JSON file", '{"version":1}', /has no runs of Downhill/],
    ["a list", "[]", /has no runs of Downhill/],
    ["a file without runs", '{"format":"downhill-runs","version":1}', /has no runs of Downhill/],
    ["a newer file", '{"format":"downhill-runs","version":2,"runs":[]}', /another version/],
    ["too many runs", JSON.stringify({ format: "downhill-runs", version: 1, runs: Array(1001).fill(1) }), /1001 runs/],
    ["a run that is none", '{"format":"downhill-runs","version":1,"runs":[7]}', /run 1: /],
    ["an identity that is no name", spoilt({ id: "../x" }), /run 2: id: /],
    ["steps of the wrong kind", spoilt({ steps: "many" }), /run 2: steps: /],
    ["an unknown field", spoilt({ onload: "alert(1)" }), /run 2: onload: /],
    ["a colour that there is not", spoilt({ series: 9 }), /run 2: series: /],
    [
      "a setting out of range",
      spoilt({ config: { optimizer: { learningRate: 1e9 } } }),
      /run 2: config\.optimizer\.learningRate: /,
    ],
    [
      "a curve of two lengths",
      spoilt({ validation: { step: [1], value: [] } }),
      /run 2: validation: got columns of two/,
    ],
    [
      "a curve that goes back",
      spoilt({ validation: { step: [2, 1], value: [1, 1] } }),
      /run 2: validation: got steps out/,
    ],
    [
      "a curve that is too long",
      spoilt({ validation: { step: Array.from({ length: 513 }, (_, i) => i), value: Array(513).fill(1) } }),
      /run 2: validation/,
    ],
  ])("is refused as a whole for %s", (_, text, problem) => {
    const read = decodeRuns(text);
    expect(read.ok ? "" : read.problem).toMatch(problem);
    expect(read.ok ? "" : read.problem).toMatch(/Nothing was imported\.$/);
  });

  test("of any text never throws", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.jsonValue().map((runs) => JSON.stringify({ format: "downhill-runs", version: 1, runs })),
        ),
        (text) => {
          const read = decodeRuns(text);
          if (read.ok) expect(read.runs.every((run) => checkRecord(run).ok)).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("the table", () => {
  const [old, fresh, pinned, starred] = [
    recordOf({ id: "old", created: 1 }),
    recordOf({ id: "fresh", created: 9 }),
    recordOf({ id: "pinned", created: 2, pinned: true }),
    recordOf({ id: "starred", created: 3, starred: true }),
  ];

  test("has pinned runs first, then starred ones, then the newest", () => {
    expect(inTableOrder([old, fresh, starred, pinned]).map(({ id }) => id)).toEqual([
      "pinned",
      "starred",
      "fresh",
      "old",
    ]);
  });

  test("groups runs that differ in seeds alone", () => {
    const seeded = recordOf({ id: "seeded", config: configured({ model: { seed: 9 } }) });
    const other = recordOf({ id: "other", config: configured({ model: { dropout: 0.1 } }) });
    const ids = (grouped: boolean) =>
      groupsOf([old, other, seeded], grouped).map(({ runs }) => runs.map(({ id }) => id));
    expect(ids(true)).toEqual([["old", "seeded"], ["other"]]);
    expect(ids(false)).toEqual([["old"], ["other"], ["seeded"]]);
  });

  test("shows the newest three that compare, all pinned ones, and what the user says", () => {
    const many = Array.from({ length: 5 }, (_, index) => recordOf({ id: `run${index}`, created: index }));
    const elsewhere = recordOf({ id: "elsewhere", created: 99, config: configured({ data: { kind: "moons" } }) });
    const asked = recordOf({ id: "asked", created: -1, shown: true });
    const hidden = recordOf({ id: "hidden", created: 98, shown: false, pinned: true });
    const shown = shownRuns([...many, elsewhere, asked, hidden, pinned], defaultConfig, false).map(({ id }) => id);
    expect(shown.toSorted()).toEqual(["asked", "pinned", "run2", "run3", "run4"]);
  });

  test("shows the newest three groups of seeds with all of their runs", () => {
    const [seeds, dropouts] = [
      [0, 1, 2, 3],
      [0.1, 0.2, 0.3],
    ];
    const runs = [
      ...seeds.map((seed) =>
        recordOf({ id: `seed${seed}`, created: 8 - seed, config: configured({ model: { seed } }) }),
      ),
      ...dropouts.map((dropout) =>
        recordOf({ id: `dropout${dropout}`, created: 4 - 10 * dropout, config: configured({ model: { dropout } }) }),
      ),
    ];
    const shown = shownRuns(runs, defaultConfig, true).map(({ id }) => id);
    expect(shown).toEqual(["seed0", "seed1", "seed2", "seed3", "dropout0.1", "dropout0.2"]);
  });

  test("gives the colour that the fewest runs have", () => {
    const used = [2, 3, 4, 5, 6, 7, 2].map((series, index) => recordOf({ id: String(index), series }));
    expect(freeSeries(used, 7)).toBe(8);
    expect(freeSeries([], 7)).toBe(2);
  });
});

describe("the plots", () => {
  const dashOf = (series: number) => `${series} ${series}`;
  const isShown = (id: string) => id !== "hidden";
  const options = { frontId: undefined, isShown, dashOf };
  const a = recordOf({ id: "a", series: 3 });
  const b = recordOf({
    id: "b",
    config: configured({ model: { seed: 2 } }),
    validation: { step: [0, 10], value: [3, 1.5] },
  });
  const at = (losses: readonly [number, number]) => losses.map((loss, index) => ({ step: 10 * index, loss }));

  test("draw a run as a line in its colour and dash", () => {
    expect(overlaysOf(groupsOf([a], false), options)).toEqual([
      { id: "a", token: "--series-3", dash: "3 3", points: at([1, 0.5]) },
    ]);
    const empty = recordOf({ id: "c", validation: { step: [], value: [] } });
    expect(overlaysOf(groupsOf([empty], false), options)).toEqual([]);
  });

  test("draw a group as its mean in a band, in the colour of its first run, without those that are hidden", () => {
    const hidden = recordOf({ id: "hidden", series: 5, validation: { step: [0, 10], value: [99, 99] } });
    const [group, ...rest] = overlaysOf(groupsOf([a, b, hidden], true), options);
    expect(rest).toEqual([]);
    expect(group).toMatchObject({ token: "--series-3", dash: "3 3", points: at([2, 1]) });
    expect(group?.band).toEqual([
      { low: 1, high: 3 },
      { low: 0.5, high: 1.5 },
    ]);
  });

  test("count the run on screen in the band of its group, and do not draw it twice where it is alone", () => {
    const [group] = overlaysOf(groupsOf([a, b], true), { ...options, frontId: "a" });
    expect(group?.band?.[0]).toEqual({ low: 1, high: 3 });
    expect(overlaysOf(groupsOf([a], true), { ...options, frontId: "a" })).toEqual([]);
  });
});

describe("what a browser has kept", () => {
  const twice = { step: [0, 300, 300], value: [1, 0.5, 0.5] };

  test("is shown as far as it can be read, and the rest is told", () => {
    const all = [recordOf({ id: "a" }), recordOf({ id: "b", validation: twice }), { id: "c" }];
    const { records, problem } = readableRecords(all);
    expect(records.map(({ id }) => id)).toEqual(["a"]);
    expect(problem).toMatch(/^Runs: 2 of 3 kept in this browser cannot be read\. validation: got steps out of order/);
    expect(readableRecords(all.slice(0, 1))).toEqual({ records: all.slice(0, 1) });
  });
});

describe("the small line of a run", () => {
  test("has a place for a best loss of zero that falls between the points drawn", () => {
    const step = Array.from({ length: 200 }, (_, index) => index);
    const value = step.map((at) => (at === 100 ? 0 : 1 / (1 + at)));
    const { line, dot } = sparklineOf({
      validation: { step, value },
      steps: 199,
      best: { step: 100, loss: 0, accuracy: null },
    });
    expect(line).not.toMatch(/NaN|Infinity/);
    expect(dot).toEqual({ x: (74 * 100) / 199, y: 16 });
  });
});
