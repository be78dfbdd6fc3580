import { createRandom } from "../lib/random.ts";

const EXAMPLES_SEED = 1;
const TEACHER_SEED = 2;

/** `count` numbers of the seed's stream, uniform in [-1, 1). */
export function uniformNumbers(seed: number, count: number): Float32Array {
  const random = createRandom(seed, "data");
  return Float32Array.from({ length: count }, () => 2 * random.uniform() - 1);
}

/** Learnable examples: inputs (N, I) and class numbers (N). */
export interface Problem {
  readonly inputs: Float32Array;
  readonly targets: Float32Array;
}

/** The class whose score is highest for each row of `x` (N, I) under the teacher (I, C). */
function teach(x: Float32Array, teacher: Float32Array, classes: number): Float32Array {
  const inputs = teacher.length / classes;
  const scores = new Float64Array(classes);
  return Float32Array.from({ length: x.length / inputs }, (_, row) => {
    scores.fill(0);
    for (let i = 0; i < inputs; i++) {
      const value = x[row * inputs + i] ?? 0;
      for (let c = 0; c < classes; c++) scores[c] = (scores[c] ?? 0) + value * (teacher[i * classes + c] ?? 0);
    }
    return scores.indexOf(Math.max(...scores));
  });
}

/** Random rows, uniform in [-1, 1), each labelled by the argmax of one fixed random linear teacher. */
export function makeProblem(inputs: number, classes: number, examples: number): Problem {
  const x = uniformNumbers(EXAMPLES_SEED, examples * inputs);
  return { inputs: x, targets: teach(x, uniformNumbers(TEACHER_SEED, inputs * classes), classes) };
}
