export { adamStep as adam } from "./adam.ts";
export { adamwStep as adamw } from "./adamw.ts";
export { sgdStep as sgd } from "./sgd.ts";
