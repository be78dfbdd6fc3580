/** Made by scripts/assemblyscript.ts. */
declare module "virtual:cpu-kernels" {
  /** The CPU kernels, a WebAssembly module in base64: every product and every sum is rounded. */
  export const strict: string;
  /** The same with relaxed SIMD: products and sums may be fused. */
  export const relaxed: string;
}
