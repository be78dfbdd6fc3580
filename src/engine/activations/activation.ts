/**
 * A function applied to each number, fused into the layer before it.
 *
 * `wgsl` defines `activate(x)` and `activateGrad(saved)`; the CPU kernels have a function pair of the same name.
 * `saves` says what the gradient needs of the forward pass: the function's own output, so that nothing else is kept, or
 * its input, the pre-activation.
 */
export interface Activation {
  readonly label: string;
  /** Formula or paper, shown as a link. */
  readonly source: string;
  readonly saves: "input" | "output";
  readonly wgsl: string;
}

/** Checks a definition against `Activation` while keeping its literal types. */
export const defineActivation = <const T extends Activation>(activation: T): T => activation;
