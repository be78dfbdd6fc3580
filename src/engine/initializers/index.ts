export { heNormal } from "./heNormal.ts";
export { heUniform } from "./heUniform.ts";
export { uniform } from "./uniform.ts";
export { xavierNormal } from "./xavierNormal.ts";
export { xavierUniform } from "./xavierUniform.ts";
export { zeros } from "./zeros.ts";
