export { crossEntropy as "cross-entropy" } from "./cross-entropy.ts";
export { mse } from "./mse.ts";
