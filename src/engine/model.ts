import { Graph } from "./graph/graph.ts";
import type { Tensor } from "./graph/tensor.ts";
import { type DropoutSource, dropout } from "./layers/dropout.ts";
import { linear } from "./layers/linear.ts";
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

export interface BuildOptions {
  /** Starts the names of the graph's activations. */
  readonly prefix: string;
  /** (B, I). All activations are stored as it is. */
  readonly input: Tensor;
  /** The parameters by name. */
  readonly slices: ReadonlyMap<string, Tensor>;
  /** Drops outputs of hidden layers, in training; nothing is dropped where it is left out. */
  readonly dropoutSource?: DropoutSource;
}

/** Builds the model's graph, so that training, evaluation and prediction are graphs over the same weights. */
export function buildModel(
  model: Mlp,
  { prefix, input, slices, dropoutSource }: BuildOptions,
): { readonly graph: Graph; readonly output: Tensor } {
  const graph = new Graph(prefix, input);
  const parameter = (name: string): Tensor => {
    const slice = slices.get(name);
    if (slice === undefined)
      throw new Error(`${name}: got no memory, expected a slice of the arena. Lay it out first.`);
    return slice;
  };
  const activations = [...model.layers.map(({ activation }) => activation), "identity"];
  let output = input;
  activations.forEach((activation, index) => {
    output = graph.apply(linear, {
      name: `layers.${index}.output`,
      inputs: { input: output, weight: parameter(`layers.${index}.weight`), bias: parameter(`layers.${index}.bias`) },
      attributes: undefined,
      activation,
    });
    if (dropoutSource !== undefined && index < model.layers.length) {
      output = graph.apply(dropout, {
        name: `layers.${index}.dropped`,
        inputs: { input: output },
        attributes: { ...dropoutSource, layer: index },
        activation: "identity",
      });
    }
  });
  return { graph, output };
}
