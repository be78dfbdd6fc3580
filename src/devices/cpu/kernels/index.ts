// What the WebAssembly module exports besides kernels and activations, which the build finds by their signatures, see
// scripts/assemblyscript.ts. A kernel has the name of its definition in src/engine.

export { scratchBytes, useScratch } from "./common/scratch";
export { disband, teamBytes, useTeam } from "./common/team";
export { dismiss, heapBase, help, run } from "./walk";
