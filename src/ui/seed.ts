/** A seed that is short enough to read out and type. */
export const drawSeed = (): number => 1 + ((crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % 9999);
