import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkConfig } from "../../src/session/check.ts";
import { defaultConfig, type RunConfig } from "../../src/session/config.ts";
import { decodeConfig, encodeConfig, splitHash } from "../../src/session/url.ts";
import {
  compareWithGhost,
  decodeGhost,
  describeComparison,
  encodeGhost,
  type Ghost,
  MAX_GHOST,
} from "../../src/ui/share/ghost.ts";
import { decodeGoal, describeGoal, describeProgress, encodeGoal, progressOf } from "../../src/ui/share/goal.ts";
import { decodeShare, emptyShare, encodeShare, isLocked, parts, refusalOf } from "../../src/ui/share/link.ts";
import { arbitraryConfig } from "../fixtures/arbitraryConfig.ts";

function configured(differences: unknown): RunConfig {
  const checked = checkConfig(differences);
  if (!checked.ok) throw new Error(checked.problems.join(" "));
  return checked.config;
}

const curve = (count: number, at: (step: number) => number) =>
  Array.from({ length: count }, (_, index) => ({ step: index + 1, loss: at(index + 1) }));

/** Half of a quantum, 1/4096, as a relative error, with room for the rounding of exp and log. */
const quantum = Math.expm1(0.5 / 2048) + 1e-12;

const arbitraryGhost: fc.Arbitrary<Ghost> = fc
  .tuple(
    fc.array(fc.tuple(fc.integer({ min: 1, max: 5000 }), fc.double({ min: -60, max: 60, noNaN: true })), {
      minLength: 1,
      maxLength: 400,
    }),
    fc.array(fc.tuple(fc.integer({ min: 1, max: 5000 }), fc.double({ min: -60, max: 60, noNaN: true })), {
      maxLength: 400,
    }),
  )
  .map((columns) => {
    const [training = [], validation = []] = columns.map((rows) => {
      let step = 0;
      return rows.map(([stride, level]) => {
        step += stride;
        return { step, loss: Math.exp(level) };
      });
    });
    return { training, validation };
  });

describe("a ghost", () => {
  test("comes back from at most 1,500 letters with every loss within half a quantum", () => {
    fc.assert(
      fc.property(arbitraryGhost, (ghost) => {
        const text = encodeGhost(ghost);
        expect(text.length).toBeLessThanOrEqual(MAX_GHOST);
        expect(text).toMatch(/^[\w-]+$/);
        const back = decodeGhost(text);
        const sent = new Map(ghost.training.map(({ step, loss }) => [step, loss]));
        expect(back?.training[0]?.step).toBe(ghost.training[0]?.step);
        expect(back?.training.at(-1)?.step).toBe(ghost.training.at(-1)?.step);
        for (const { step, loss } of back?.training ?? []) {
          expect(Math.abs(loss / (sent.get(step) ?? Number.NaN) - 1)).toBeLessThanOrEqual(quantum);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("of a usual run of 100,000 noisy steps keeps at least 100 of them", () => {
    const training = curve(100_000, (step) => Math.exp(-step / 30_000) * (1 + 0.5 * Math.sin(step * 12.9898)));
    const validation = curve(100_000, (step) => Math.exp(-step / 30_000)).filter(({ step }) => step % 250 === 0);
    const back = decodeGhost(encodeGhost({ training, validation }));
    expect(back?.training.length).toBeGreaterThanOrEqual(100);
    expect(back?.validation.length).toBeGreaterThanOrEqual(100);
  });

  test("ends where its sender's loss stopped being a number", () => {
    const training = curve(10, (step) => (step < 5 ? 1 / step : Number.NaN));
    expect(decodeGhost(encodeGhost({ training, validation: [] }))?.training.map(({ step }) => step)).toEqual([
      1, 2, 3, 4,
    ]);
  });

  test.each(["", "1", "2AA", "1A", "1CCC", "1*", "1ggggggggggg", "1CAAAA", "1C-"])("is not read from %j", (text) =>
    expect(decodeGhost(text)).toBeUndefined(),
  );

  test("is not read from a text that is too long", () =>
    expect(decodeGhost(`1EEA${"EA".repeat(MAX_GHOST)}A`)).toBeUndefined());

  test("is not made up from any text: what is read can be written again to the same", () => {
    const texts = fc.oneof(fc.base64String(), fc.string(), fc.stringMatching(/^1[\w-]{0,40}$/));
    fc.assert(
      fc.property(texts, (text) => {
        const ghost = decodeGhost(text);
        if (ghost !== undefined) expect(decodeGhost(encodeGhost(ghost))).toEqual(ghost);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("a run against a ghost", () => {
  const there = curve(200, (step) => 1 / step);
  const ghost = { training: there, validation: [] };
  const run = (count: number, at: (step: number) => number) => ({
    step: Float64Array.from({ length: count }, (_, index) => index + 1),
    loss: Float64Array.from({ length: count }, (_, index) => at(index + 1)),
  });
  const said = (...progress: Parameters<typeof run>) =>
    describeComparison(ghost, compareWithGhost(ghost, run(...progress)));

  test("that has not begun is invited", () => expect(said(0, () => 1)).toContain("its sender’s curve of 200 steps"));
  test("that is the same so far is said to be", () =>
    expect(said(50, (step) => 1 / step)).toBe("Reproduces the sender’s curve within 0.1 % up to step 50 of 200."));
  test("that is the same to the end is said to be, also past it and within 0.1 %", () =>
    expect(said(300, (step) => 1.0009 / step)).toBe("Reproduces the sender’s curve within 0.1 % over all 200 steps."));
  test("that leaves it is told where, and by how much", () =>
    expect(said(300, (step) => (step < 120 ? 1 : 2) / step)).toBe(
      "Departs from the sender’s curve at step 120: loss 0.0167 here, 0.00833 there. Until then it agrees within 0.1 %.",
    ));
  test("by a little more than 0.1 % is another curve", () =>
    expect(said(300, (step) => 1.0011 / step)).toContain("Departs from the sender’s curve at step 1:"));
  test("that became NaN is another curve", () => expect(said(3, () => Number.NaN)).toContain("loss NaN here"));
});

describe("a goal", () => {
  const goal = { metric: "loss", value: 0.3, steps: 500 } as const;
  const evaluations = (...losses: readonly (readonly [step: number, loss: number])[]) =>
    losses.map(([step, loss]) => ({ step, loss, accuracy: 1 - loss }));

  test("is said in words and comes back from its text", () => {
    expect(describeGoal(goal)).toBe("validation loss below 0.3 within 500 steps");
    expect(describeGoal({ metric: "accuracy", value: 0.95, steps: 0 })).toBe("validation accuracy above 95.0\u2009%");
    expect(decodeGoal(encodeGoal(goal))).toEqual(goal);
  });

  test.each<[string, ReturnType<typeof evaluations>, number, string]>([
    ["open before it is reached", evaluations([100, 0.5]), 120, "Best 0.500 at step 120 of 500."],
    [
      "reached at the first evaluation below",
      evaluations([100, 0.5], [300, 0.29], [400, 0.28]),
      420,
      "Reached at step 300, best 0.280.",
    ],
    ["not reached by a value that equals it", evaluations([100, 0.3]), 120, "Best 0.300 at step 120 of 500."],
    [
      "missed when time is over",
      evaluations([100, 0.5], [501, 0.1]),
      501,
      "Missed: best 0.500 by step 500. Reset to try again.",
    ],
    ["missed at its last step", evaluations([500, 0.5]), 500, "Missed: best 0.500 by step 500. Reset to try again."],
    ["reached at its last step", evaluations([500, 0.2]), 500, "Reached at step 500, best 0.200."],
    ["untouched by NaN", evaluations([100, Number.NaN]), 120, "Best – at step 120 of 500."],
  ])("is %s", (_, list, step, text) => expect(describeProgress(goal, progressOf(goal, list, step), step)).toBe(text));

  test("for accuracy is reached from below", () => {
    const accurate = { metric: "accuracy", value: 0.6, steps: 0 } as const;
    expect(progressOf(accurate, evaluations([1, 0.5], [9, 0.3]), 9)).toMatchObject({ state: "reached", reachedAt: 9 });
  });

  test.each([
    "",
    "loss",
    "loss,0,5",
    "loss,-1,5",
    "loss,NaN,5",
    "loss,1e99,5",
    "loss,1,5.5",
    "loss,1,-5",
    "toString,1,5",
    "loss,1,5,6",
  ])("is not read from %j", (text) => expect(decodeGoal(text)).toBeUndefined());
});

const arbitraryShare = fc.record(
  {
    ghost: arbitraryGhost.map((ghost) => decodeGhost(encodeGhost(ghost)) ?? ghost),
    goal: fc.record({
      metric: fc.constantFrom("loss", "accuracy"),
      value: fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
      steps: fc.nat(1_000_000),
    }),
    locked: fc.uniqueArray(fc.constantFrom(...(Object.keys(parts) as (keyof typeof parts)[]))),
    hidden: fc.uniqueArray(fc.constantFrom(...(Object.keys(parts) as (keyof typeof parts)[]))),
    free: fc.uniqueArray(fc.constantFrom("optimizer.learningRate", "data.noise", "optimizer.schedule.totalSteps")),
  },
  { requiredKeys: ["locked", "hidden", "free"] },
);

describe("a link with a share", () => {
  test("gives configuration and share back", () => {
    fc.assert(
      fc.property(arbitraryConfig, arbitraryShare, (config, share) => {
        const hash = [encodeConfig(config), encodeShare(share)].filter((part) => part !== "").join("&");
        expect(decodeConfig(hash)).toEqual({ config, problems: [] });
        expect(decodeShare(splitHash(hash).share)).toEqual({ share, problems: [] });
      }),
      { numRuns: 100 },
    );
  });

  test("whose share is broken says so once and keeps the rest", () => {
    const hash = "v=1&data=moons&share.ghost=1xx&share.goal=loss,0.3,500&share.lock=data,__proto__&share.new=1";
    expect(decodeConfig(hash).problems).toEqual([]);
    expect(decodeConfig(hash).config.data.kind).toBe("moons");
    expect(decodeShare(splitHash(hash).share)).toEqual({
      share: { ...emptyShare, goal: { metric: "loss", value: 0.3, steps: 500 } },
      problems: [
        "share.ghost: this part of the link cannot be read. It is left out.",
        "share.lock: this part of the link cannot be read. It is left out.",
        "share: this part of the link cannot be read. It is left out.",
      ],
    });
  });

  test("whatever its text, never throws, and what is taken can be shared again", () => {
    const key = fc.constantFrom("ghost", "goal", "lock", "hide", "free", "x", "__proto__", "toString", "%");
    const value = fc.oneof(
      fc.string(),
      fc.constantFrom("data,model", "loss,1,1", "1", "optimizer.learningRate", "%E0"),
    );
    const hostile = fc.array(fc.tuple(key, value)).map((pairs) => pairs.map(([k, v]) => `share.${k}=${v}`).join("&"));
    fc.assert(
      fc.property(fc.oneof(hostile, fc.string({ unit: "binary" })), (text) => {
        const { share, problems } = decodeShare(splitHash(text).share);
        expect(decodeShare(encodeShare(share))).toEqual({ share, problems: [] });
        expect(problems.length).toBeLessThanOrEqual(text.split("&").length);
        decodeConfig(text);
      }),
      { numRuns: 1000 },
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test("that is too long is one problem", () => {
    expect(decodeShare("share.x=1&".repeat(1000)).problems).toHaveLength(1);
  });
});

describe("a locked ingredient", () => {
  const share = { ...emptyShare, locked: ["optimizer"], hidden: ["data"], free: ["optimizer.learningRate"] } as const;

  test("refuses a change and names the setting", () => {
    const after = configured({ optimizer: { weightDecay: 0.5 } });
    expect(refusalOf(share, defaultConfig, after)).toMatch(/^weight decay: the link .* locks it\./);
  });
  test("refuses another kind", () =>
    expect(refusalOf(share, defaultConfig, configured({ optimizer: { kind: "sgd" } }))).toMatch(/^optimizer: /));
  test("that is hidden refuses as well", () =>
    expect(refusalOf(share, defaultConfig, configured({ data: { noise: 0.5 } }))).toMatch(/^noise: /));
  test("lets through what is free", () =>
    expect(refusalOf(share, defaultConfig, configured({ optimizer: { learningRate: 0.5 } }))).toBeUndefined());
  test("leaves other ingredients alone", () => {
    expect(refusalOf(share, defaultConfig, configured({ model: { dropout: 0.5 } }))).toBeUndefined();
    expect(isLocked(share, ["model", "dropout"])).toBe(false);
    expect(isLocked(emptyShare, ["data", "noise"])).toBe(false);
  });
});
