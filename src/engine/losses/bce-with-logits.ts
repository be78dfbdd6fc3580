import wgsl from "#shaders/losses/bce-with-logits.wgsl?raw";
import { defineLoss } from "./loss.ts";

/** Of two classes, the model's single output is the logit of the second. */
export const bceWithLogits = defineLoss({
  name: "bceWithLogits",
  label: "Binary cross-entropy",
  source: "https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html",
  task: "classification",
  maxClasses: 2,
  outputsFor: () => 1,
  // sigmoid(z) is the softmax of (0, z)
  logitsOf: (outputs) =>
    Float32Array.from({ length: 2 * outputs.length }, (_, at) => (at % 2) * (outputs[at >> 1] ?? 0)),
  hyperparameters: {},
  wgsl,
});
