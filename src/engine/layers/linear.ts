import wgsl from "#shaders/layers/linear.wgsl?raw";
import { memberOf } from "../../lib/registry.ts";
import * as activations from "../activations/index.ts";
import { defineOp, expectShape } from "../graph/graph.ts";
import { defineKernel } from "../graph/kernel.ts";
import { offsetOf, rootOf, type Tensor } from "../graph/tensor.ts";
import { linearVariants } from "./linearVariants.ts";

const workgroup = [8, 8] as const;
const tiles = (size: number): number => Math.ceil(size / 4);

/** output (B, O) = activate(input (B, I) · weight (O, I)ᵀ + bias (O)), for activations whose gradient needs the output. */
export const linearForward = defineKernel({
  name: "linearForward",
  wgsl,
  entry: "forward",
  bindings: { input: "read", weight: "read", bias: "read", output: "write" },
  constants: ["B", "I", "O"],
  activation: "forward",
  workgroup,
  invocations: ({ B, O }) => [tiles(O), tiles(B)],
  variants: linearVariants("forward"),
});

/** As `linearForward`, and keeps preactivation (B, O) for activations whose gradient needs their input. */
export const linearForwardSaving = defineKernel({
  name: "linearForwardSaving",
  wgsl,
  entry: "forwardSaving",
  bindings: { input: "read", weight: "read", bias: "read", preactivation: "write", output: "write" },
  constants: ["B", "I", "O"],
  activation: "forward",
  workgroup,
  invocations: ({ B, O }) => [tiles(O), tiles(B)],
  variants: linearVariants("forwardSaving"),
});

/** inputGrad (B, I) = (outputGrad (B, O) · weight (O, I)) ⊙ activateGrad(saved (B, I)), stored or added. */
export const linearBackwardInput = defineKernel({
  name: "linearBackwardInput",
  wgsl,
  entry: "backwardInput",
  bindings: { outputGrad: "read", weight: "read", saved: "read", inputGrad: "readWrite" },
  constants: ["B", "I", "O", "accumulate"],
  activation: "backward",
  workgroup,
  invocations: ({ B, I }) => [tiles(I), tiles(B)],
  variants: linearVariants("backwardInput"),
});

/**
 * weightGrad (O, I) = outputGrad (B, O)ᵀ · input (B, I), biasGrad (O) = column sums of outputGrad, stored or added.
 *
 * Both lie in the arena of all gradients (P), at `weightAt` and `biasAt`. It is bound once and whole: with replicas the
 * ranges of two slices interleave, and WebGPU refuses two writable bindings that overlap.
 */
export const linearBackwardWeight = defineKernel({
  name: "linearBackwardWeight",
  wgsl,
  entry: "backwardWeight",
  bindings: { outputGrad: "read", input: "read", gradients: "readWrite" },
  constants: ["B", "I", "O", "weightAt", "biasAt", "accumulate"],
  workgroup,
  invocations: ({ I, O }) => [tiles(I), tiles(O)],
  variants: linearVariants("backwardWeight"),
});

/** input (B, I), weight (O, I), bias (O). */
export interface LinearInputs {
  readonly [name: string]: Tensor;
  readonly input: Tensor;
  readonly weight: Tensor;
  readonly bias: Tensor;
}

const sizesOf = ({ input, weight }: LinearInputs) => {
  const [B = 0, I = 0] = input.shape;
  const [O = 0] = weight.shape;
  return { B, I, O };
};

/** Fully connected layer, PyTorch's `nn.Linear`, with its activation fused in. */
export const linear = defineOp<LinearInputs, undefined>({
  name: "linear",

  infer({ input, weight, bias }) {
    const [B = 0, I = 0] = input.shape;
    expectShape("linear", input, 2);
    expectShape("linear", weight, 2, I);
    const [O = 0] = weight.shape;
    expectShape("linear", bias, 1, O);
    return [B, O];
  },

  forward(node, emit) {
    const { inputs, output, activation } = node;
    const { input, weight, bias } = inputs;
    const constants = sizesOf(inputs);
    if (!savesPreactivation(activation)) {
      emit.call(linearForward, { bindings: { input, weight, bias, output }, constants, activation });
      return;
    }
    const preactivation = emit.save(node, "preactivation");
    emit.call(linearForwardSaving, { bindings: { input, weight, bias, preactivation, output }, constants, activation });
  },

  backward(node, emit) {
    const { input, weight, bias } = node.inputs;
    const outputGrad = emit.gradientOf(node);
    const sizes = sizesOf(node.inputs);
    if (emit.needsGradient(input)) {
      const { tensor: inputGrad, accumulate } = emit.writeGradient(input);
      const { activation, saved } = emit.producer(input);
      emit.call(linearBackwardInput, {
        bindings: { outputGrad, weight, saved, inputGrad },
        constants: { ...sizes, accumulate },
        activation,
      });
    }
    const { tensor: weightGrad, accumulate } = emit.writeGradient(weight);
    const { tensor: biasGrad, accumulate: addsBias } = emit.writeGradient(bias);
    if (addsBias !== accumulate) {
      throw new Error(
        `${node.name}: got a weight and a bias of which one is shared, expected both or none. Share both.`,
      );
    }
    emit.call(linearBackwardWeight, {
      bindings: { outputGrad, input, gradients: rootOf(weightGrad) },
      constants: { ...sizes, weightAt: offsetOf(weightGrad), biasAt: offsetOf(biasGrad), accumulate },
    });
  },
});

/** Whether a layer with this activation must keep its pre-activation for the backward pass. */
const savesPreactivation = (activation: string): boolean => memberOf(activations, activation).saves === "input";
