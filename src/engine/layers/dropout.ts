import clock from "#shaders/common/clock.wgsl?raw";
import control from "#shaders/common/control.wgsl?raw";
import noise from "#shaders/common/noise.wgsl?raw";
import philox from "#shaders/common/philox.wgsl?raw";
import dropoutWgsl from "#shaders/layers/dropout.wgsl?raw";
import { defineOp } from "../graph/graph.ts";
import { defineKernel } from "../graph/kernel.ts";
import { link } from "../graph/link.ts";
import { elements, type Tensor } from "../graph/tensor.ts";

const wgsl = link(dropoutWgsl, noise, philox, clock, control);
const workgroup = [64, 1] as const;
const tables = { control: "read", orderKey: "read", clock: "read", batches: "read" } as const;

/** output = input / (1 - dropout) where a uniform number is at least `dropout`, otherwise 0. Any shape of `count` numbers. */
export const dropoutForward = defineKernel({
  name: "dropoutForward",
  wgsl,
  entry: "forward",
  bindings: { input: "read", output: "write", ...tables },
  constants: ["count", "layer", "M", "micro"],
  workgroup,
  invocations: ({ count }) => [Math.ceil(count / 4), 1],
});

/** inputGrad = (outputGrad ⊙ the mask of the forward pass) ⊙ activateGrad(saved), stored or added. */
export const dropoutBackward = defineKernel({
  name: "dropoutBackward",
  wgsl,
  entry: "backward",
  bindings: { outputGrad: "read", saved: "read", inputGrad: "readWrite", ...tables },
  constants: ["count", "layer", "M", "micro", "accumulate"],
  activation: "backward",
  workgroup,
  invocations: ({ count }) => [Math.ceil(count / 4), 1],
});

/** What the mask is drawn from: tables of shaders/common/noise.wgsl, and which batch of the step it is for. */
export interface DropoutSource {
  readonly tables: { readonly [T in keyof typeof tables]: Tensor };
  readonly M: number;
  readonly micro: number;
}

/** Inverted dropout, PyTorch's `nn.Dropout` in training, with the probability `dropout` of the tensor `control`. */
export const dropout = defineOp<
  { readonly [name: string]: Tensor; readonly input: Tensor },
  DropoutSource & { readonly layer: number }
>({
  name: "dropout",

  infer: ({ input }) => input.shape,

  forward({ inputs: { input }, output, attributes: { tables, layer, M, micro } }, emit) {
    const constants = { count: elements(output.shape), layer, M, micro };
    emit.call(dropoutForward, { bindings: { input, output, ...tables }, constants });
  },

  backward(node, emit) {
    const { input } = node.inputs;
    if (!emit.needsGradient(input)) return;
    const { tables, layer, M, micro } = node.attributes;
    const outputGrad = emit.gradientOf(node);
    const { tensor: inputGrad, accumulate } = emit.writeGradient(input);
    const { activation, saved } = emit.producer(input);
    emit.call(dropoutBackward, {
      bindings: { outputGrad, saved, inputGrad, ...tables },
      constants: { count: elements(input.shape), layer, M, micro, accumulate },
      activation,
    });
  },
});
