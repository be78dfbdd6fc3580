export { gradNorm } from "./gradNorm.ts";
export { loss } from "./loss.ts";
