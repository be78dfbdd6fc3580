/** Dawn, the WebGPU of Chromium as a module for Node; its GPU lives only as long as this object is referenced. */
let dawn: GPU | undefined;

/** WebGPU for Node, or `undefined` where the optional package cannot be loaded: no such platform, or not installed. */
export async function openGpu(): Promise<GPU | undefined> {
  if (dawn !== undefined) return dawn;
  try {
    const { create, globals } = await import("webgpu");
    Object.assign(globalThis, globals);
    dawn = create([]);
  } catch {
    dawn = undefined;
  }
  return dawn;
}

/** Lets go of the GPU, so that the process can end. */
export function closeGpu(): void {
  dawn = undefined;
}
