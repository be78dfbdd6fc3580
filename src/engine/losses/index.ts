export { bceWithLogits as "bce-with-logits" } from "./bce-with-logits.ts";
export { crossEntropy as "cross-entropy" } from "./cross-entropy.ts";
export { huber } from "./huber.ts";
export { mae } from "./mae.ts";
export { mse } from "./mse.ts";
