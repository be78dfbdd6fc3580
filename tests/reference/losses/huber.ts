import { errorLoss } from "./loss.ts";

/** Squared up to delta, linear beyond (Huber 1964). */
export const huber = errorLoss((error, [delta]) =>
  Math.abs(error) <= delta
    ? { loss: 0.5 * error ** 2, derivative: error }
    : { loss: delta * (Math.abs(error) - 0.5 * delta), derivative: delta * Math.sign(error) },
);
