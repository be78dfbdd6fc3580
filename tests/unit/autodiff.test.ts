import { describe, expect, it } from "vitest";
import { differentiate } from "../../src/engine/graph/autodiff.ts";
import { defineOp, forwardPass, Graph } from "../../src/engine/graph/graph.ts";
import { defineKernel } from "../../src/engine/graph/kernel.ts";
import { planMemory } from "../../src/engine/graph/memory.ts";
import type { Call } from "../../src/engine/graph/program.ts";
import { createTensor, elements, type Shape, type Tensor } from "../../src/engine/graph/tensor.ts";
import { linear } from "../../src/engine/layers/linear.ts";
import { layArena } from "../../src/engine/parameters.ts";
import { createRandom } from "../../src/lib/random.ts";
import { createReferenceDevice } from "../reference/device.ts";
import { centralDifferences, gradientMismatch } from "../reference/differences.ts";
import type { ReferenceKernel } from "../reference/kernel.ts";

/** An op of two inputs, to use one tensor twice: the sum, whose kernels exist in the reference alone. */
const addForward = defineKernel({
  name: "addForward",
  wgsl: "",
  entry: "forward",
  bindings: { left: "read", right: "read", output: "write" },
  constants: ["count"],
  workgroup: [1, 1],
  invocations: ({ count }) => [count, 1],
});
const addBackward = defineKernel({
  name: "addBackward",
  wgsl: "",
  entry: "backward",
  bindings: { outputGrad: "read", saved: "read", inputGrad: "readWrite" },
  constants: ["count", "accumulate"],
  activation: "backward",
  workgroup: [1, 1],
  invocations: ({ count }) => [count, 1],
});
const references: Readonly<Record<string, ReferenceKernel>> = {
  addForward: ({ bindings: { left, right, output } }) => output.set(left.map((value, index) => value + right[index])),
  addBackward: ({ bindings: { outputGrad, saved, inputGrad }, constants, activation }) =>
    outputGrad.forEach((gradient, index) => {
      const existing = constants.accumulate === 1 ? inputGrad[index] : 0;
      inputGrad[index] = existing + gradient * activation.activateGrad(saved[index]);
    }),
};
const add = defineOp<{ readonly [name: string]: Tensor; readonly left: Tensor; readonly right: Tensor }, undefined>({
  name: "add",
  infer: ({ left }) => left.shape,
  forward({ inputs: { left, right }, output }, emit) {
    emit.call(addForward, { bindings: { left, right, output }, constants: { count: elements(output.shape) } });
  },
  backward(node, emit) {
    for (const input of [node.inputs.left, node.inputs.right]) {
      const { tensor: inputGrad, accumulate } = emit.writeGradient(input);
      const { activation, saved } = emit.producer(input);
      const constants = { count: elements(input.shape), accumulate };
      emit.call(addBackward, {
        bindings: { outputGrad: emit.gradientOf(node), saved, inputGrad },
        constants,
        activation,
      });
    }
  },
});

const WIDTH = 3;
const B = 4;
const specs = ["first", "second"].flatMap((layer) => [
  { name: `${layer}.weight`, shape: [WIDTH, WIDTH], fanIn: WIDTH, fanOut: WIDTH },
  { name: `${layer}.bias`, shape: [WIDTH], fanIn: WIDTH, fanOut: WIDTH },
]);
const root = (name: string, shape: Shape) => createTensor({ name, shape, type: "f32", role: "data", perReplica: true });

/** y = f2(h + f2(h)) with f2(x) = tanh(W2 x + b2) and h = tanh(W1 x + b1): h and W2 are used twice. */
function setUp() {
  const parameters = layArena(specs, "parameters", "parameters");
  const gradients = layArena(specs, "gradients", "gradients", "Grad");
  const graph = new Graph("test");
  const x = root("x", [B, WIDTH]);
  const layer = (name: string, input: Tensor, use: string): Tensor => {
    const [weight, bias] = [parameters.slices.get(`${name}.weight`), parameters.slices.get(`${name}.bias`)];
    if (weight === undefined || bias === undefined) throw new Error(`${name}: got no parameters, expected some.`);
    const inputs = { input, weight, bias };
    return graph.apply(linear, { name: use, inputs, attributes: undefined, activation: "tanh" });
  };
  const h = layer("first", x, "h");
  const sum = graph.apply(add, {
    name: "sum",
    inputs: { left: h, right: layer("second", h, "branch") },
    attributes: undefined,
    activation: "identity",
  });
  return { graph, parameters, gradients, x, h, y: layer("second", sum, "y"), layer };
}

function backwardOf({ graph, parameters, gradients, y }: ReturnType<typeof setUp>, seed: Tensor): readonly Call[] {
  const forward = forwardPass(graph);
  const parameterGradients = new Map(
    [...parameters.slices].map(([name, slice]) => [slice, gradients.slices.get(name) ?? slice] as const),
  );
  return [...forward.calls, ...differentiate({ forward, seed: { of: y, gradient: seed }, parameterGradients })];
}

describe("reverse-mode differentiation", () => {
  it("stores a gradient at its first use and adds at the later ones", () => {
    const parts = setUp();
    const calls = backwardOf(parts, root("seed", [B, WIDTH]));
    const toInput = calls.filter(({ bindings }) => bindings.inputGrad?.name === `${parts.h.name}Grad`);
    expect(toInput.map(({ constants }) => constants.accumulate)).toEqual([0, 1]);
    const { slice } = parts.gradients.slices.get("second.weight") ?? parts.x;
    const toWeight = calls.filter(({ constants }) => constants.weightAt === slice?.offset);
    expect(toWeight.map(({ constants }) => constants.accumulate)).toEqual([0, 1]);
  });

  it("gives the gradients that central differences show where an input and a weight are used twice", async () => {
    const parts = setUp();
    const seed = root("seed", [B, WIDTH]);
    const program = { name: "all", calls: backwardOf(parts, seed) };
    const kept = new Set([parts.x, seed, parts.y, parts.parameters.arena, parts.gradients.arena]);
    const plan = { replicas: 1, memory: planMemory([program], 1, kept), programs: { all: program }, tables: [] };
    const machine = await createReferenceDevice(references).load(plan);
    const random = createRandom(5, "data");
    for (const tensor of [parts.x, parts.parameters.arena]) {
      machine.values(tensor).forEach((_, index, all) => {
        all[index] = random.normal();
      });
    }
    const weights = machine.values(parts.x).map((_, index) => Math.cos(index));
    // L = sum c y; the gradient before y's own activation is c (1 - y^2).
    const loss = (): number => {
      machine.run("all", 1);
      return machine.values(parts.y).reduce((sum, y, index) => sum + weights[index] * y, 0);
    };
    loss();
    machine.values(seed).set(weights.map((c, index) => c * (1 - machine.values(parts.y)[index] ** 2)));
    const differences = centralDifferences(machine.values(parts.parameters.arena), loss);
    loss();
    expect(differences.filter((difference) => difference !== 0).length).toBe(2 * WIDTH * (WIDTH + 1));
    expect(gradientMismatch(machine.values(parts.gradients.arena), differences)).toBeUndefined();
  });

  it("emits nothing for the gradient of data", () => {
    const parts = setUp();
    const calls = backwardOf(parts, root("seed", [B, WIDTH]));
    expect(calls.some(({ bindings }) => bindings.inputGrad?.name === "xGrad")).toBe(false);
  });

  it("refuses a parameter that the loss does not depend on", () => {
    const parts = setUp();
    const h = parts.graph.nodes[0].output;
    const seed = { of: h, gradient: root("seed", h.shape) };
    const [name, unused] = [...parts.parameters.slices][2];
    const parameterGradients = new Map([[unused, parts.gradients.slices.get(name) ?? unused]]);
    expect(() => differentiate({ forward: forwardPass(parts.graph), seed, parameterGradients })).toThrow(
      "second.weight: got no gradient for its 9 numbers, expected the loss to depend on it.",
    );
  });
});
