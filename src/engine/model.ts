import { Graph } from "./graph/graph.ts";
import type { Tensor } from "./graph/tensor.ts";
import { linear, savesPreactivation } from "./layers/linear.ts";
import type { ParameterSpec } from "./parameters.ts";

/** A multilayer perceptron: hidden layers with activations, then an output layer without one. */
export interface Mlp {
  readonly inputs: number;
  readonly layers: readonly { readonly width: number; readonly activation: string }[];
  readonly outputs: number;
}

/** The weights and biases of a model, named and laid out as in PyTorch's `nn.Sequential` without its activations. */
export function parameterSpecs(model: Mlp): readonly ParameterSpec[] {
  const widths = [model.inputs, ...model.layers.map((layer) => layer.width), model.outputs];
  return widths.slice(1).flatMap((fanOut, index): ParameterSpec[] => {
    const fanIn = widths[index] ?? 0;
    return [
      { name: `layers.${index}.weight`, shape: [fanOut, fanIn], fanIn, fanOut },
      { name: `layers.${index}.bias`, shape: [fanOut], fanIn, fanOut },
    ];
  });
}

/**
 * Builds the model's graph for a given input (B, I). `prefix` names its activations, `slices` are the parameters, so
 * that training, evaluation and prediction are three graphs over the same weights.
 */
export function buildModel(
  model: Mlp,
  { prefix, input, slices }: { prefix: string; input: Tensor; slices: ReadonlyMap<string, Tensor> },
): { readonly graph: Graph; readonly output: Tensor } {
  const graph = new Graph(prefix);
  const parameter = (name: string): Tensor => {
    const slice = slices.get(name);
    if (slice === undefined)
      throw new Error(`${name}: got no memory, expected a slice of the arena. Lay it out first.`);
    return slice;
  };
  const layers = [...model.layers, { width: model.outputs, activation: "identity" }];
  let output = input;
  layers.forEach(({ width, activation }, index) => {
    const preactivation = savesPreactivation(activation)
      ? graph.activation(`layers.${index}.preactivation`, [input.shape[0] ?? 0, width])
      : undefined;
    output = graph.apply(linear, {
      name: `layers.${index}.output`,
      inputs: { input: output, weight: parameter(`layers.${index}.weight`), bias: parameter(`layers.${index}.bias`) },
      attributes: { preactivation },
      activation,
    });
  });
  return { graph, output };
}
