import type { ImageSize } from "../data/images.ts";
import type { PreparedData } from "../data/prepare.ts";
import type { ImagePredictions } from "./protocol.ts";
import type { ViewPlan } from "./views.ts";

/** Images that are predicted for the picture, of the validation split. */
const MAX_PREDICTIONS = 2000;
/** Images that are shown at most, and their pixels in all: a message stays small. */
const SHOWN = 40;
const MAX_PIXELS = 2 ** 18;

/** What the model says about each example: its class, how sure it is, and the loss. */
interface Verdicts {
  readonly predicted: Uint16Array;
  readonly probability: Float32Array;
  readonly loss: Float32Array;
}

/** Softmax and cross-entropy of each row of `classes` logits. */
function judge(logits: Float32Array, classes: number, targets: Float32Array, count: number): Verdicts {
  const predicted = new Uint16Array(count);
  const probability = new Float32Array(count);
  const loss = new Float32Array(count);
  for (let row = 0; row < count; row++) {
    const start = row * classes;
    let best = start;
    for (let at = start + 1; at < start + classes; at++) {
      if ((logits[at] as number) > (logits[best] as number)) best = at;
    }
    const largest = logits[best] as number;
    let sum = 0;
    for (let at = start; at < start + classes; at++) sum += Math.exp((logits[at] as number) - largest);
    predicted[row] = best - start;
    probability[row] = 1 / sum;
    loss[row] = Math.log(sum) + largest - (logits[start + (targets[row] as number)] as number);
  }
  return { predicted, probability, loss };
}

/** The rows with the largest losses, largest first; losses that are no numbers come before all. */
function worstRows(loss: Float32Array, count: number): Uint32Array {
  const order = (row: number): number => {
    const value = loss[row] as number;
    return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
  };
  const rows = Uint32Array.from(loss, (_, row) => row);
  return rows.sort((a, b) => (order(a) === order(b) ? a - b : order(b) - order(a))).subarray(0, count);
}

/** Classification of images: some examples, the worst predictions, and the confusion matrix of them all. */
export function imagesView(
  { splits, outputs: classes, targetNames, inputWidth }: PreparedData,
  image: ImageSize,
): ViewPlan {
  const { inputs, targets, count } = splits.validation.count > 0 ? splits.validation : splits.train;
  const all = Math.min(count, MAX_PREDICTIONS);
  const shown = Math.min(all, SHOWN, Math.max(1, Math.floor(MAX_PIXELS / inputWidth)));
  const first = Uint32Array.from({ length: shown }, (_, row) => row);

  const pick = (rows: Uint32Array, { predicted, probability, loss }: Verdicts): ImagePredictions => {
    const pixels = new Uint8Array(rows.length * inputWidth);
    rows.forEach((row, index) => {
      for (let pixel = 0; pixel < inputWidth; pixel++) {
        pixels[index * inputWidth + pixel] = Math.round(255 * (inputs[row * inputWidth + pixel] as number));
      }
    });
    return {
      pixels,
      actual: Uint16Array.from(rows, (row) => targets[row] as number),
      predicted: Uint16Array.from(rows, (row) => predicted[row] as number),
      probability: Float32Array.from(rows, (row) => probability[row] as number),
      loss: Float32Array.from(rows, (row) => loss[row] as number),
    };
  };
  return {
    probe: inputs.subarray(0, all * inputWidth),
    draw: (logits, step) => {
      const verdicts = judge(logits, classes, targets, all);
      const counts = new Uint32Array(classes * classes);
      for (let row = 0; row < all; row++) {
        const cell = (targets[row] as number) * classes + (verdicts.predicted[row] as number);
        counts[cell] = (counts[cell] as number) + 1;
      }
      const [examples, worst] = [pick(first, verdicts), pick(worstRows(verdicts.loss, shown), verdicts)];
      return { kind: "images", step, image, classNames: targetNames, counts, examples, worst };
    },
  };
}
