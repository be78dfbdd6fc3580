import type { ImageSize } from "../data/images.ts";
import type { PreparedData } from "../data/prepare.ts";
import type { XyPoints } from "./protocol.ts";

/** Training examples that are looked at one by one; of a larger split, evenly spread. */
const MOST_EXAMPLES = 1024;
/** Numbers that the examples have in all, which bounds what is uploaded for them. */
const MOST_NUMBERS = 2 ** 19;
/** Examples that are shown of each kind, and the share of all that can be called the hardest, but for a few. */
const SHOWN = 24;
const HARDEST = 0.1;
const FEW = 8;

/** Some training examples, worst or most telling first; M of them. */
export interface ShownExamples {
  /** Their places among the examples that were looked at. */
  readonly place: Uint32Array;
  /** The class or first target that training shows for it. */
  readonly given: Float32Array;
  /** The same before noise was put on it. */
  readonly clean: Float32Array;
  /** The model's class or first output. */
  readonly predicted: Float32Array;
  /** Classification: -log of the probability of the class given, in nats. Regression: the mean squared error. */
  readonly loss: Float32Array;
  /** Where they are points of a plane: two inputs, or one input and its target. */
  readonly points?: XyPoints;
  /** (M, height, width), from 0 (paper) to 255 (ink), of images. */
  readonly pixels?: Uint8Array;
}

/** A training split seen example by example: what is hard, and what is learned by heart. */
export interface Examination {
  readonly step: number;
  /** Training examples in all, and those that were looked at. */
  readonly all: number;
  readonly count: number;
  /** Of those that were looked at: how many have noise on their label, and how many of these the model has fitted. */
  readonly noisy: number;
  readonly fitted: number;
  /** Largest loss first. */
  readonly hardest: ShownExamples;
  /** Fitted in spite of a label that is wrong on purpose: it can only be known by heart. Furthest from the truth first. */
  readonly memorised: ShownExamples;
  readonly classNames?: readonly string[];
  readonly image?: ImageSize;
}

/** What is looked at, and what the model's outputs for it mean. */
export interface Examiner {
  /** (count, I) */
  readonly inputs: Float32Array;
  /** @param outputs of the model for `inputs`: (count, C) logits, or (count, O) targets. */
  examine(outputs: Float32Array, step: number): Examination;
}

/** What a model makes of one example. */
interface Verdict {
  readonly predicted: number;
  readonly loss: number;
  /** Whether the label has noise on it. */
  readonly isNoisy: boolean;
  /** Whether the model answers with the noisy label rather than with the clean one. */
  readonly isFitted: boolean;
  /** How far the label is from the clean one. */
  readonly shift: number;
}

type Judge = (outputs: Float32Array, place: number) => Verdict;

/** Plans to look at a run's training examples one by one. */
export function planExamination(data: PreparedData): Examiner {
  const { splits, inputWidth, targetWidth, targetNames, task, image } = data;
  const { count: all, inputs, targets } = splits.train;
  const count = Math.max(1, Math.min(all, MOST_EXAMPLES, Math.floor(MOST_NUMBERS / inputWidth)));
  const rows = Uint32Array.from({ length: count }, (_, place) => Math.floor((place * all) / count));
  const pick = (values: Float32Array, width: number): Float32Array => {
    const out = new Float32Array(count * width);
    rows.forEach((row, place) => {
      out.set(values.subarray(row * width, (row + 1) * width), place * width);
    });
    return out;
  };
  const picked = { inputs: pick(inputs, inputWidth), given: pick(targets, targetWidth) };
  const clean = pick(data.cleanTargets ?? targets, targetWidth);
  const judge =
    task === "classification" ? classJudge(data, picked.given, clean) : valueJudge(data, picked.given, clean);

  return {
    inputs: picked.inputs,
    examine(outputs, step) {
      const verdicts = Array.from({ length: count }, (_, place) => judge(outputs, place));
      const show = (places: readonly number[]) => shownOf({ places, verdicts, ...picked, clean, data });
      const noisy = verdicts.filter(({ isNoisy }) => isNoisy).length;
      const fitted = placesWhere(verdicts, ({ isNoisy, isFitted }) => isNoisy && isFitted);
      return {
        ...{ step, all, count, noisy, fitted: fitted.length },
        hardest: show(byLoss(verdicts).slice(0, Math.max(FEW, Math.ceil(HARDEST * count)))),
        memorised: show(ordered(fitted, verdicts, ({ shift, loss }) => shift - loss)),
        ...(task === "classification" && { classNames: targetNames }),
        ...(image && { image }),
      };
    },
  };
}

const byLoss = (verdicts: readonly Verdict[]) => ordered([...verdicts.keys()], verdicts, ({ loss }) => loss);

const placesWhere = (verdicts: readonly Verdict[], holds: (verdict: Verdict) => boolean): readonly number[] =>
  verdicts.flatMap((verdict, place) => (holds(verdict) ? [place] : []));

/** The first so many places by a number, largest first; what is no number comes before all. */
function ordered(places: readonly number[], verdicts: readonly Verdict[], by: (verdict: Verdict) => number) {
  const keyOf = (place: number): number => {
    const verdict = verdicts[place];
    const value = verdict === undefined ? Number.NaN : by(verdict);
    return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
  };
  const keyed = places.map((place) => ({ place, key: keyOf(place) }));
  keyed.sort((a, b) => (a.key === b.key ? a.place - b.place : b.key - a.key));
  return keyed.slice(0, SHOWN).map(({ place }) => place);
}

/** Softmax cross-entropy with the class given; a class is fitted when it is the model's answer. */
function classJudge({ outputs: classes }: PreparedData, given: Float32Array, clean: Float32Array): Judge {
  return (outputs, place) => {
    const logits = outputs.subarray(place * classes, (place + 1) * classes);
    const label = given[place] ?? 0;
    let best = 0;
    for (let each = 1; each < classes; each++) if ((logits[each] ?? 0) > (logits[best] ?? 0)) best = each;
    const largest = logits[best] ?? 0;
    const sum = logits.reduce((total, logit) => total + Math.exp(logit - largest), 0);
    const isNoisy = label !== clean[place];
    const loss = Math.log(sum) + largest - (logits[label] ?? 0);
    return { predicted: best, loss, isNoisy, isFitted: best === label, shift: 0 };
  };
}

/** Mean squared error; a value is fitted when the output is closer to it than half its way from the clean one. */
function valueJudge({ targetWidth: width }: PreparedData, given: Float32Array, clean: Float32Array): Judge {
  return (outputs, place) => {
    let [squares, shifts] = [0, 0];
    for (let at = place * width; at < (place + 1) * width; at++) {
      squares += ((outputs[at] ?? 0) - (given[at] ?? 0)) ** 2 / width;
      shifts += ((clean[at] ?? 0) - (given[at] ?? 0)) ** 2 / width;
    }
    const isFitted = squares < shifts / 4;
    return { predicted: outputs[place * width] ?? 0, loss: squares, isNoisy: shifts > 0, isFitted, shift: shifts };
  };
}

interface Shown {
  readonly places: readonly number[];
  readonly verdicts: readonly Verdict[];
  readonly inputs: Float32Array;
  readonly given: Float32Array;
  readonly clean: Float32Array;
  readonly data: PreparedData;
}

function shownOf({ places, verdicts, inputs, given, clean, data }: Shown): ShownExamples {
  const { inputWidth, targetWidth, image } = data;
  const first = (values: Float32Array) => Float32Array.from(places, (place) => values[place * targetWidth] ?? 0);
  const pixels = (place: number) =>
    Array.from(inputs.subarray(place * inputWidth, (place + 1) * inputWidth), (ink) => Math.round(255 * ink));
  const points = pointsOf({ places, inputs, given, data });
  return {
    place: Uint32Array.from(places),
    given: first(given),
    clean: first(clean),
    predicted: Float32Array.from(places, (place) => verdicts[place]?.predicted ?? Number.NaN),
    loss: Float32Array.from(places, (place) => verdicts[place]?.loss ?? Number.NaN),
    ...(points && { points }),
    ...(image && { pixels: Uint8Array.from(places.flatMap(pixels)) }),
  };
}

/** The examples as points of a plane, where they are some. */
function pointsOf({ places, inputs, given, data }: Omit<Shown, "verdicts" | "clean">): XyPoints | undefined {
  const { task, inputWidth, targetWidth } = data;
  const column = (values: Float32Array, width: number, first: number) =>
    Float32Array.from(places, (place) => values[place * width + first] ?? 0);
  if (task === "classification" && inputWidth === 2) return { x: column(inputs, 2, 0), y: column(inputs, 2, 1) };
  const isCurve = task === "regression" && inputWidth === 1 && targetWidth === 1;
  return isCurve ? { x: column(inputs, 1, 0), y: column(given, 1, 0) } : undefined;
}
