export { dropout } from "./dropout.ts";
export { linear } from "./linear.ts";
