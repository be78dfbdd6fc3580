import { errorLoss } from "./loss.ts";

/** Of the subgradients where both are equal, 0. */
export const mae = errorLoss((error) => ({ loss: Math.abs(error), derivative: Math.sign(error) }));
