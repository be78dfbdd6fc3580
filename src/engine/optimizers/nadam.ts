import moments from "#shaders/optimizers/moments.wgsl?raw";
import wgsl from "#shaders/optimizers/nadam.wgsl?raw";
import { link } from "../graph/link.ts";
import { decayBiases, epsilon, gradientDecay, learningRate, weightDecay } from "./hyperparameters.ts";
import { betaScalars, betas, inverseRootBias2 } from "./moments.ts";
import { defineOptimizer, zeros } from "./optimizer.ts";

interface Momentum {
  readonly beta1: number;
  readonly momentumDecay: number;
}

/** mu_t, the momentum of step t. */
const momentumAt = ({ beta1, momentumDecay }: Momentum, t: number): number =>
  beta1 * (1 - 0.5 * 0.96 ** (t * momentumDecay));

/** Below this a product is nothing beside the 1 that it is taken from. */
const VANISHED = 2 ** -54;
const MOST_SERIES = 64;

/** Element t is mu_1 * ... * mu_t, as far as it was asked for and has not vanished; by beta1 and momentumDecay. */
const knownProducts = new Map<string, number[]>();

/** mu_1 * ... * mu_t. Steps ask for one t after the other, so what is known is remembered. */
function momentumProduct(momentum: Momentum, t: number): number {
  const key = `${momentum.beta1} ${momentum.momentumDecay}`;
  if (knownProducts.size > MOST_SERIES) knownProducts.clear();
  const products = knownProducts.get(key) ?? [1];
  knownProducts.set(key, products);
  let last = products.at(-1) ?? 1;
  while (products.length <= t && last > VANISHED) {
    last *= momentumAt(momentum, products.length);
    products.push(last);
  }
  return products[t] ?? last;
}

export const nadam = defineOptimizer({
  name: "nadam",
  label: "NAdam",
  source: "https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ",
  hyperparameters: {
    learningRate: learningRate(0.002),
    ...betas,
    epsilon: epsilon(1e-8),
    momentumDecay: {
      kind: "number",
      label: "Momentum decay",
      symbol: "ψ",
      default: 0.004,
      min: 0,
      max: 1,
      slider: [0.0001, 0.1],
      scale: "log",
      help: "How fast the momentum grows from half of beta 1 to all of it.",
    },
    weightDecay: weightDecay(0),
    decayBiases,
  },
  moments: { m: zeros, v: zeros },
  scalars: {
    gradientStep: (h, t) => (h.learningRate * (1 - momentumAt(h, t))) / (1 - momentumProduct(h, t)),
    momentStep: (h, t) => (h.learningRate * momentumAt(h, t + 1)) / (1 - momentumProduct(h, t + 1)),
    ...betaScalars,
    inverseRootBias2,
    epsilon: (h) => h.epsilon,
    ...gradientDecay,
  },
  wgsl: link(wgsl, moments),
});
