/** Links WGSL modules. Declarations in WGSL may stand in any order, so linking is concatenation. */
export const link = (...modules: readonly string[]): string => modules.join("\n");
