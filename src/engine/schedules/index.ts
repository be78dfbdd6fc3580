export { constant } from "./constant.ts";
export { cosine } from "./cosine.ts";
export { exponential } from "./exponential.ts";
export { inverseRoot as "inverse-root" } from "./inverse-root.ts";
export { linear } from "./linear.ts";
export { oneCycle as "one-cycle" } from "./one-cycle.ts";
export { step } from "./step.ts";
export { warmupCosine as "warmup-cosine" } from "./warmup-cosine.ts";
export { warmupStableDecay as "warmup-stable-decay" } from "./warmup-stable-decay.ts";
