/** The tensors of a call: one replica's copy of each, or the shared one. Every u32 is exact in float64. */
export type Bindings = Readonly<Record<string, Float64Array>>;

/** A function of one number, written as in its paper, with its derivative as a function of what the engine saves. */
export interface ReferenceActivation {
  activate(x: number): number;
  /** The derivative at x, given y = activate(x) where the engine saves outputs, or x itself where it saves inputs. */
  activateGrad(saved: number): number;
}

export interface ReferenceCall {
  readonly bindings: Bindings;
  readonly constants: Readonly<Record<string, number>>;
  /** The identity where the call names no activation. */
  readonly activation: ReferenceActivation;
  readonly replica: number;
}

/** A kernel in float64: reads and writes its bindings in place. It has the name of the engine's kernel. */
export type ReferenceKernel = (call: ReferenceCall) => void;
