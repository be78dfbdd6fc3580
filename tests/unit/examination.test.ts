import { expect, test } from "vitest";
import { withLabelNoise } from "../../src/data/labelNoise.ts";
import { type PreparedData, prepareExamples } from "../../src/data/prepare.ts";
import { planExamination } from "../../src/session/examination.ts";

const everything = { seed: 1, train: 1, validation: 0 };

/** Points (row, -row) of three classes in turn. */
const classes = (count: number): PreparedData =>
  prepareExamples(
    {
      task: "classification",
      inputs: Float32Array.from({ length: 2 * count }, (_, at) => (at % 2 === 0 ? at / 2 : -(at - 1) / 2)),
      targets: Float32Array.from({ length: count }, (_, row) => row % 3),
      featureNames: ["x", "y"],
      targetNames: ["red", "green", "blue"],
    },
    everything,
  );

/** Values 2 x at x = 0, 1, 2 … */
const values = (count: number): PreparedData =>
  prepareExamples(
    {
      task: "regression",
      inputs: Float32Array.from({ length: count }, (_, row) => row),
      targets: Float32Array.from({ length: count }, (_, row) => 2 * row),
      featureNames: ["x"],
      targetNames: ["y"],
    },
    everything,
  );

/** Logits of a model that answers with a class, by a lead of `sure`. */
const answers = (labels: Iterable<number>, sure: (place: number) => number): Float32Array =>
  Float32Array.from([...labels].flatMap((label, place) => [0, 1, 2].map((each) => (each === label ? sure(place) : 0))));

test("the hardest examples come by cross-entropy, largest first, with what the model takes them for", () => {
  const data = classes(6);
  // All answers are class 0; the surer the model, the larger the loss where that is wrong.
  const { hardest } = planExamination(data).examine(
    answers([0, 0, 0, 0, 0, 0], (place) => place),
    7,
  );
  expect([...hardest.place].slice(0, 4)).toEqual([5, 4, 2, 1]);
  expect([...hardest.predicted]).toEqual([0, 0, 0, 0, 0, 0]);
  expect(hardest.loss[0]).toBeCloseTo(Math.log(Math.exp(5) + 2), 5);
  expect([...(hardest.points?.x ?? [])].slice(0, 2)).toEqual([5, 4]);
  expect([...(hardest.points?.y ?? [])].slice(0, 2)).toEqual([-5, -4]);
});

test("a loss that is no number is the hardest of all", () => {
  const outputs = answers([0, 1, 2], () => 1);
  outputs[3] = Number.NaN;
  expect(planExamination(classes(3)).examine(outputs, 1).hardest.place[0]).toBe(1);
});

test("memorised are the wrong labels that the model gives back, and no others", () => {
  const data = withLabelNoise(classes(60), { seed: 1, labelNoise: 0.5 });
  const given = [...data.splits.train.targets];
  const wrong = given.flatMap((label, place) => (label === place % 3 ? [] : [place]));
  expect(wrong).toHaveLength(30);
  const byHeart = planExamination(data).examine(
    answers(given, () => 9),
    1,
  );
  expect(byHeart).toMatchObject({ noisy: 30, fitted: 30 });
  expect([...byHeart.memorised.place].filter((place) => !wrong.includes(place))).toEqual([]);
  const truthful = planExamination(data).examine(
    answers(data.cleanTargets ?? [], () => 9),
    1,
  );
  expect(truthful).toMatchObject({ noisy: 30, fitted: 0 });
  expect(truthful.memorised.place).toHaveLength(0);
});

test("without noise nothing is memorised, however well it is fitted", () => {
  const data = classes(9);
  expect(
    planExamination(data).examine(
      answers(data.splits.train.targets, () => 9),
      1,
    ),
  ).toMatchObject({
    noisy: 0,
    fitted: 0,
  });
});

test("a noisy value is memorised when the output has come more than half of the way to it", () => {
  const data = withLabelNoise(values(10), { seed: 1, labelNoise: 1 });
  const { targets } = data.splits.train;
  const clean = data.cleanTargets ?? new Float32Array();
  const part = (share: number) =>
    targets.map((target, row) => (clean[row] ?? 0) + share * (target - (clean[row] ?? 0)));
  expect(planExamination(data).examine(part(0.4), 1)).toMatchObject({ noisy: 10, fitted: 0 });
  expect(planExamination(data).examine(part(0.6), 1)).toMatchObject({ noisy: 10, fitted: 10 });
});

test("of a large split, at most 1,024 examples are looked at, from its start to its end", () => {
  const { inputs, examine } = planExamination(values(100_000));
  expect(inputs).toHaveLength(1024);
  expect(inputs[0]).toBe(0);
  expect(inputs.at(-1)).toBeGreaterThan(99_000);
  expect(examine(new Float32Array(1024), 1)).toMatchObject({ all: 100_000, count: 1024 });
});

test("images come with their pixels, from paper to ink", () => {
  const data = prepareExamples(
    {
      task: "classification",
      inputs: Float32Array.of(0, 0.5, 1, 0, 1, 1, 0, 0),
      targets: Float32Array.of(0, 1),
      featureNames: ["0", "1", "2", "3"],
      targetNames: ["a", "b"],
      image: { width: 2, height: 2 },
    },
    everything,
  );
  const { hardest } = planExamination(data).examine(Float32Array.of(0, 0, 3, 0), 1);
  expect([...hardest.place]).toEqual([1, 0]);
  expect([...(hardest.pixels ?? [])]).toEqual([255, 255, 0, 0, 0, 128, 255, 0]);
});
