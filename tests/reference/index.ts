export { gatherBatch } from "./common/batch.ts";
export { linearBackwardInput, linearBackwardWeight, linearForward, linearForwardSaving } from "./layers/linear.ts";
export { crossEntropy } from "./losses/cross-entropy.ts";
export { mse } from "./losses/mse.ts";
export { adam } from "./optimizers/adam.ts";
export { adamw } from "./optimizers/adamw.ts";
export { sgd } from "./optimizers/sgd.ts";
export { gradNormPartials } from "./probes/gradNorm.ts";
export { recordEvaluation, recordStep } from "./probes/metrics.ts";
