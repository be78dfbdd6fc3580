import { batchOf, stepCountOf } from "../common/batch.ts";
import { controlOf } from "../common/control.ts";
import type { ReferenceCall, ReferenceKernel } from "../kernel.ts";

/** One example's loss, whether its prediction is right, and the gradient of its loss. */
export interface Example {
  readonly loss: number;
  readonly hit: boolean;
  readonly gradient: readonly number[];
  /** How much the example counts in the mean; 1 if left out. */
  readonly weight?: number;
}

/** An example of a batch: the model's outputs (O), its targets, and the loss's own numbers. */
export interface Row {
  readonly outputs: readonly number[];
  readonly targets: readonly number[];
  readonly settings: readonly number[];
}

/**
 * A loss as the weighted mean over the examples of a batch: sum of losses / sum of weights. Rows from `count` on are
 * padding and count nothing. Gradients are those of the mean over the examples of all M batches of the step, with each
 * batch's own mean weight, times the loss scale.
 *
 * @param meanWeightOf a mean weight that is given; none where the batch has its own.
 */
export const lossKernel =
  (
    ofExample: (row: Row) => Example,
    meanWeightOf: (settings: readonly number[]) => number | undefined = () => undefined,
  ): ReferenceKernel =>
  (call: ReferenceCall) => {
    const { bindings, constants } = call;
    const { B, O, micro } = constants;
    const { outputs, targets, rowLoss, rowHit } = bindings;
    const { count } = batchOf(call);
    const all = stepCountOf(call);
    const { lossScale } = controlOf(bindings);
    const width = targets.length / B;
    const settings = [...bindings.settings];
    const examples = Array.from({ length: count }, (_, b) =>
      ofExample({
        outputs: [...outputs.subarray(b * O, (b + 1) * O)],
        targets: [...targets.subarray(b * width, (b + 1) * width)],
        settings,
      }),
    );
    const ownMean = examples.reduce((sum, { weight = 1 }) => sum + weight, 0) / count;
    const meanWeight = meanWeightOf(settings) ?? ownMean;
    outputs.fill(0);
    rowLoss.fill(0, micro * B, (micro + 1) * B);
    rowHit.fill(0, micro * B, (micro + 1) * B);
    for (const [b, { loss, hit, gradient }] of examples.entries()) {
      rowLoss[micro * B + b] = loss / meanWeight;
      rowHit[micro * B + b] = hit ? 1 : 0;
      outputs.set(
        gradient.map((g) => (g * lossScale) / (all * meanWeight)),
        b * O,
      );
    }
  };

/** The mean over an example's outputs of a function of prediction - target, given with its derivative. */
export const errorLoss = (
  lossOf: (error: number, settings: readonly number[]) => { readonly loss: number; readonly derivative: number },
): ReferenceKernel =>
  lossKernel(({ outputs, targets, settings }) => {
    const O = outputs.length;
    const parts = outputs.map((prediction, o) => lossOf(prediction - targets[o], settings));
    return {
      loss: parts.reduce((sum, { loss }) => sum + loss, 0) / O,
      hit: false,
      gradient: parts.map(({ derivative }) => derivative / O),
    };
  });
