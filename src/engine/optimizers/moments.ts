import type { NumberParameter } from "../../lib/hyperparameters.ts";

/** How long the averages of an optimizer with two of them remember. */
export const betas = {
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
} as const satisfies Readonly<Record<string, NumberParameter>>;

interface BetaValues {
  readonly beta1: number;
  readonly beta2: number;
}

/** What both moments are averaged with, in the order of the kernels' structs. */
export const betaScalars = {
  beta1: (h: BetaValues) => h.beta1,
  oneMinusBeta1: (h: BetaValues) => 1 - h.beta1,
  beta2: (h: BetaValues) => h.beta2,
  oneMinusBeta2: (h: BetaValues) => 1 - h.beta2,
};

/** Takes out of the root of the second moment that it started at 0 (Kingma & Ba 2015, section 3). */
export const inverseRootBias2 = (h: BetaValues, t: number) => 1 / Math.sqrt(1 - h.beta2 ** t);

interface AdamValues extends BetaValues {
  readonly learningRate: number;
  readonly epsilon: number;
}

/** The per-step numbers of Adam's step (Kingma & Ba 2015, Algorithm 1), in the order of the kernels' structs. */
export const momentScalars = {
  stepSize: (h: AdamValues, t: number) => h.learningRate / (1 - h.beta1 ** t),
  ...betaScalars,
  inverseRootBias2,
  epsilon: (h: AdamValues) => h.epsilon,
};
