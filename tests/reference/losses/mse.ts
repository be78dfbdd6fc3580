import { errorLoss } from "./loss.ts";

export const mse = errorLoss((error) => ({ loss: error ** 2, derivative: 2 * error }));
