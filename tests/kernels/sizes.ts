/** Around every tile and vector width: one, primes, powers of two and their neighbours. */
export const awkwardSizes = [1, 2, 3, 7, 31, 33, 64, 65, 127, 129, 255, 257, 1025] as const;

export interface LinearSizes {
  readonly B: number;
  readonly I: number;
  readonly O: number;
}

const sizeAt = (turn: number): number => awkwardSizes[turn % awkwardSizes.length] ?? 1;

/**
 * B, I and O each go through all awkward sizes at once, shifted against each other. The shifts keep every product
 * below 5 million, and give tiles that hang over both edges, rows of one and columns of one. A case costs a compilation
 * of its own, because sizes are constants of the pipeline.
 */
export const linearSizes: readonly LinearSizes[] = awkwardSizes.map((_, turn) => ({
  B: sizeAt(turn),
  I: sizeAt(turn + 5),
  O: sizeAt(turn + 9),
}));

/** For what is tried on top of every size; above 32, where the software driver stops unrolling loops. */
export const singleRunSizes: LinearSizes = { B: 34, I: 33, O: 35 };
