/** Made by scripts/assemblyscript.ts. */
declare module "virtual:cpu-kernels" {
  /** Brings the CPU kernels, a WebAssembly module: every product and every sum is rounded. */
  export const strict: () => Promise<Uint8Array<ArrayBuffer>>;
  /** The same with relaxed SIMD: products and sums may be fused. */
  export const relaxed: () => Promise<Uint8Array<ArrayBuffer>>;
}
