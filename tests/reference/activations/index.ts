export { gelu } from "./gelu.ts";
export { identity } from "./identity.ts";
export { leakyRelu } from "./leakyRelu.ts";
export { relu } from "./relu.ts";
export { sigmoid } from "./sigmoid.ts";
export { silu } from "./silu.ts";
export { sine } from "./sine.ts";
export { tanh } from "./tanh.ts";
