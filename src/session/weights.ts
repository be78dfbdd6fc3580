import { elements, shapeText, type Tensor } from "../engine/graph/tensor.ts";
import type { ParameterSpec } from "../engine/parameters.ts";
import { createRandom } from "../lib/random.ts";
import { memberOf } from "../lib/registry.ts";
import { initializers, type ModelConfig } from "./config.ts";

/** A tensor of a file or of a run, by value. */
export interface NamedTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Weights or a configuration that do not fit the run. */
export class RunError extends Error {
  override readonly name = "RunError";
}

/** Draws every parameter in the order of the specs, from the stream of initial weights. */
export function initialWeights(
  specs: readonly ParameterSpec[],
  { initializer, seed }: ModelConfig,
  replica: number,
): ReadonlyMap<string, Float32Array> {
  const random = createRandom(seed + replica, "initialization");
  const { weight, bias } = memberOf(initializers, initializer.kind);
  const values = initializer as never;
  return new Map(
    specs.map((spec) => {
      const draw = spec.shape.length > 1 ? weight : (bias ?? (() => 0));
      return [spec.name, Float32Array.from({ length: elements(spec.shape) }, () => draw(values, spec, random))];
    }),
  );
}

/** Throws a `RunError` that names the first tensor that is missing, misshapen or unknown. */
export function expectFitting(expected: ReadonlyMap<string, Tensor>, got: ReadonlyMap<string, NamedTensor>): void {
  for (const [name, { shape }] of expected) {
    const tensor = got.get(name);
    if (tensor === undefined) {
      throw new RunError(
        `${name}: got no such tensor, expected shape ${shapeText(shape)}. The weights are of another model.`,
      );
    }
    if (shapeText(tensor.shape) !== shapeText(shape)) {
      throw new RunError(
        `${name}: got shape ${shapeText(tensor.shape)}, expected ${shapeText(shape)}. The weights are of another model.`,
      );
    }
  }
  for (const name of got.keys()) {
    if (!expected.has(name))
      throw new RunError(`${name}: got an unknown tensor, expected ${[...expected.keys()].join(", ")}.`);
  }
}
