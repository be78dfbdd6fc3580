import { lossKernel } from "./loss.ts";

/** max(z, 0) - z y + log(1 + exp(-|z|)); its gradient is sigmoid(z) - y, and sigmoid(z) - 1 = -sigmoid(-z). */
export const bceWithLogits = lossKernel(({ outputs: [z], targets: [y] }) => ({
  loss: Math.max(z, 0) - z * y + Math.log1p(Math.exp(-Math.abs(z))),
  hit: z > 0 === (y === 1),
  gradient: [y === 1 ? -1 / (1 + Math.exp(z)) : 1 / (1 + Math.exp(-z))],
}));
