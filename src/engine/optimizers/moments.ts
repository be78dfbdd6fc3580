import type { NumberParameter } from "../../lib/hyperparameters.ts";

/** The hyperparameters that all optimizers with Adam's two moments share. */
export const moments = {
  beta1: {
    kind: "number",
    label: "Beta 1",
    symbol: "β₁",
    default: 0.9,
    min: 0,
    max: 0.99999,
    slider: [0, 0.999],
    scale: "linear",
    help: "How long the average of gradients remembers.",
  },
  beta2: {
    kind: "number",
    label: "Beta 2",
    symbol: "β₂",
    default: 0.999,
    min: 0,
    max: 0.999999,
    slider: [0.9, 0.9999],
    scale: "linear",
    help: "How long the average of squared gradients remembers.",
  },
  epsilon: {
    kind: "number",
    label: "Epsilon",
    symbol: "ε",
    default: 1e-8,
    min: 0,
    max: 1,
    slider: [1e-10, 1e-2],
    scale: "log",
    help: "Keeps the division finite where gradients are tiny.",
  },
} as const satisfies Readonly<Record<string, NumberParameter>>;

interface AdamValues {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** The per-step numbers of Adam's two moments (Kingma & Ba 2015, Algorithm 1), in the order of the kernels' structs. */
export const momentScalars = {
  stepSize: (h: AdamValues, t: number) => h.learningRate / (1 - h.beta1 ** t),
  beta1: (h: AdamValues) => h.beta1,
  oneMinusBeta1: (h: AdamValues) => 1 - h.beta1,
  beta2: (h: AdamValues) => h.beta2,
  oneMinusBeta2: (h: AdamValues) => 1 - h.beta2,
  inverseRootBias2: (h: AdamValues, t: number) => 1 / Math.sqrt(1 - h.beta2 ** t),
  epsilon: (h: AdamValues) => h.epsilon,
};
