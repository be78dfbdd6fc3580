import type { BooleanParameter, NumberParameter } from "../../lib/hyperparameters.ts";

/** Learning rate of an optimizer whose usual value is `value`. */
export const learningRate = (value: number) =>
  ({
    kind: "number",
    label: "Learning rate",
    symbol: "η",
    default: value,
    min: 0,
    max: 100,
    slider: [1e-5, 1],
    scale: "log",
    help: "How far a step goes. 0 leaves the weights as they are.",
  }) as const satisfies NumberParameter;

export const weightDecay = (value: number) =>
  ({
    kind: "number",
    label: "Weight decay",
    symbol: "λ",
    default: value,
    min: 0,
    max: 10,
    slider: [1e-5, 1],
    scale: "log",
    help: "Pulls weights towards 0.",
  }) as const satisfies NumberParameter;

export const decayBiases = {
  kind: "boolean",
  label: "Decay biases too",
  default: false,
  help: "Off, weight decay acts on weight matrices only. PyTorch's optimizers decay everything they are given.",
} as const satisfies BooleanParameter;

/** How much of the last step goes on, of an optimizer without momentum unless asked. */
export const momentum = {
  kind: "number",
  label: "Momentum",
  symbol: "μ",
  default: 0,
  min: 0,
  max: 1,
  scale: "linear",
  help: "How much of the last step goes on. At 1 it never fades.",
} as const satisfies NumberParameter;

/** Epsilon of an optimizer whose usual value is `value`. */
export const epsilon = (value: number) =>
  ({
    kind: "number",
    label: "Epsilon",
    symbol: "ε",
    default: value,
    min: 0,
    max: 1,
    slider: [1e-10, 1e-2],
    scale: "log",
    help: "Keeps the division finite where gradients are tiny.",
  }) as const satisfies NumberParameter;

interface DecayValues {
  readonly weightDecay: number;
  readonly decayBiases: boolean;
}

/** The numbers of a decay that is part of the gradient, of matrices and of vectors. */
export const gradientDecay = {
  weightDecay: (h: DecayValues) => h.weightDecay,
  vectorDecay: (h: DecayValues) => (h.decayBiases ? h.weightDecay : 0),
};

/** The numbers of a decoupled decay: the share that a parameter loses per step, of matrices and of vectors. */
export const decoupledDecay = {
  shrink: (h: DecayValues & { readonly learningRate: number }) => h.learningRate * h.weightDecay,
  vectorShrink: (h: DecayValues & { readonly learningRate: number }) =>
    h.decayBiases ? h.learningRate * h.weightDecay : 0,
};
