import type { PreparedData, SplitExamples } from "../data/prepare.ts";
import { imagesView } from "./imagesView.ts";
import type { LabelledPoints, TaskView, XyPoints } from "./protocol.ts";

/** What the task's view needs: inputs to predict for, and the picture that the predictions make. */
export interface ViewPlan {
  /** (G, I) */
  readonly probe: Float32Array;
  /** `outputs` are the model's for the probe, (G, O). */
  draw(outputs: Float32Array, step: number): TaskView;
}

const GRID = 64;
const CURVE_POINTS = 256;
/** Predictions of a validation split shown at most. */
const MAX_PREDICTIONS = 4096;
/** Room around the outermost points, as a fraction of the extent. */
const MARGIN = 0.08;

/** Chooses the picture that fits the data: images, a map for two inputs, a curve for one, else a table or a scatter plot. */
export function planView(data: PreparedData): ViewPlan {
  const { task, inputWidth, outputs, image } = data;
  if (task === "classification" && image !== undefined) return imagesView(data, image);
  if (task === "classification" && inputWidth === 2) return boundaryView(data);
  if (task === "regression" && inputWidth === 1 && outputs === 1) return curveView(data);
  return task === "classification" ? confusionView(data) : scatterView(data);
}

function extentOf(...parts: readonly Float32Array[]): readonly [low: number, high: number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const part of parts) {
    for (const value of part) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (low > high) return [-1, 1];
  const margin = MARGIN * (high - low) || 1;
  return [low - margin, high + margin];
}

/** Every `width`-th number from `first` on. */
const column = (values: Float32Array, width: number, first: number): Float32Array =>
  Float32Array.from({ length: values.length / width }, (_, row) => values[row * width + first] ?? 0);

function boundaryView({ splits, outputs: classes }: PreparedData): ViewPlan {
  const domain = extentOf(splits.train.inputs, splits.validation.inputs);
  const [low, high] = domain;
  const at = (index: number) => low + ((high - low) * index) / (GRID - 1);
  const probe = new Float32Array(GRID * GRID * 2);
  for (let y = 0; y < GRID; y++) {
    for (let x = 0; x < GRID; x++) probe.set([at(x), at(y)], 2 * (y * GRID + x));
  }
  const points = ({ inputs, targets }: SplitExamples): LabelledPoints => ({
    x: column(inputs, 2, 0),
    y: column(inputs, 2, 1),
    label: Uint8Array.from(targets),
  });
  const train = points(splits.train);
  const validation = points(splits.validation);
  return {
    probe,
    draw: (outputs, step) => ({
      ...{ kind: "boundary", step, size: GRID, domain, train, validation },
      probabilities: softmaxRows(outputs, classes),
    }),
  };
}

function curveView({ splits }: PreparedData): ViewPlan {
  const domain = extentOf(splits.train.inputs, splits.validation.inputs);
  const range = extentOf(splits.train.targets, splits.validation.targets);
  const [low, high] = domain;
  const points = ({ inputs, targets }: SplitExamples): XyPoints => ({ x: inputs, y: targets });
  const train = points(splits.train);
  const validation = points(splits.validation);
  return {
    probe: Float32Array.from({ length: CURVE_POINTS }, (_, index) => low + ((high - low) * index) / (CURVE_POINTS - 1)),
    draw: (outputs, step) => ({ kind: "curve", step, domain, range, outputs, train, validation }),
  };
}

/** The examples whose predictions are shown: of the validation split, or of the training split where that is empty. */
function shownExamples({ splits, inputWidth }: PreparedData) {
  const { inputs, targets, count } = splits.validation.count > 0 ? splits.validation : splits.train;
  const shown = Math.min(count, MAX_PREDICTIONS);
  return { probe: inputs.subarray(0, shown * inputWidth), targets, shown };
}

function confusionView(data: PreparedData): ViewPlan {
  const { outputs: classes, targetNames: classNames } = data;
  const { probe, targets, shown } = shownExamples(data);
  return {
    probe,
    draw: (outputs, step) => {
      const counts = new Uint32Array(classes * classes);
      for (let row = 0; row < shown; row++) {
        const logits = outputs.subarray(row * classes, (row + 1) * classes);
        const predicted = logits.indexOf(Math.max(...logits));
        const cell = (targets[row] ?? 0) * classes + Math.max(0, predicted);
        counts[cell] = (counts[cell] ?? 0) + 1;
      }
      return { kind: "confusion", step, classNames, counts };
    },
  };
}

function scatterView(data: PreparedData): ViewPlan {
  const { targetWidth, targetNames, targetScale } = data;
  const { probe, targets, shown } = shownExamples(data);
  const { mean, standardDeviation } = targetScale ?? { mean: 0, standardDeviation: 1 };
  const raw = (values: Float32Array) => column(values, targetWidth, 0).map((value) => value * standardDeviation + mean);
  const actual = raw(targets.subarray(0, shown * targetWidth));
  return {
    probe,
    draw: (outputs, step) => ({
      ...{ kind: "scatter", step, targetName: targetNames[0] ?? "target", actual },
      predicted: raw(outputs),
    }),
  };
}

/** Softmax of each row of `classes` logits. */
export function softmaxRows(logits: Float32Array, classes: number): Float32Array {
  const probabilities = new Float32Array(logits.length);
  for (let row = 0; row < logits.length; row += classes) {
    const slice = logits.subarray(row, row + classes);
    const largest = Math.max(...slice);
    const powers = slice.map((logit) => Math.exp(logit - largest));
    const sum = powers.reduce((total, power) => total + power, 0);
    probabilities.set(
      powers.map((power) => power / sum),
      row,
    );
  }
  return probabilities;
}
