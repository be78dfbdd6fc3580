// What the WebAssembly module exports. A kernel is found by its name in src/engine.

export { scratchBytes, useScratch } from "./common/scratch";
export { teamBytes, useTeam } from "./common/team";
export { dismiss, heapBase, help, run } from "./walk";

export { geluBackward, geluForward } from "./activations/gelu";
export { identityBackward, identityForward } from "./activations/identity";
export { leakyReluBackward, leakyReluForward } from "./activations/leakyRelu";
export { reluBackward, reluForward } from "./activations/relu";
export { sigmoidBackward, sigmoidForward } from "./activations/sigmoid";
export { siluBackward, siluForward } from "./activations/silu";
export { sineBackward, sineForward } from "./activations/sine";
export { tanhBackward, tanhForward } from "./activations/tanh";

export { gatherBatch } from "./batch";
export { linearBackwardInput, linearBackwardWeight, linearForward, linearForwardSaving } from "./layers/linear";
export { crossEntropy } from "./losses/cross-entropy";
export { mse } from "./losses/mse";
export { adam } from "./optimizers/adam";
export { adamw } from "./optimizers/adamw";
export { sgd } from "./optimizers/sgd";
export { gradNormPartials } from "./probes/gradNorm";
export { recordEvaluation, recordStep } from "./probes/metrics";
