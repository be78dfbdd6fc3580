import { describe, expect, it } from "vitest";
import { Graph, ShapeError } from "../../src/engine/graph/graph.ts";
import { createTensor, type Shape, sliceOf, type Tensor } from "../../src/engine/graph/tensor.ts";
import { linear } from "../../src/engine/layers/linear.ts";

const tensor = (name: string, shape: Shape): Tensor =>
  createTensor({ name, shape, type: "f32", role: "parameters", perReplica: true });

const apply = (input: Shape, weight: Shape, bias: Shape): Tensor =>
  new Graph("test").apply(linear, {
    name: "layer",
    inputs: { input: tensor("x", input), weight: tensor("W", weight), bias: tensor("b", bias) },
    attributes: undefined,
    activation: "identity",
  });

describe("a graph", () => {
  it("infers the shape of a linear layer's output", () => {
    expect(apply([5, 3], [4, 3], [4]).shape).toEqual([5, 4]);
  });

  it.each([
    {
      x: [5, 2],
      W: [4, 3],
      b: [4],
      message: "linear: W is (4, 3), expected (·, 2). Check the width of the layer before.",
    },
    { x: [5], W: [4, 3], b: [4], message: "linear: x is (5), expected (·, ·). Check the width of the layer before." },
    { x: [5, 3], W: [4, 3], b: [3], message: "linear: b is (3), expected (4). Check the width of the layer before." },
  ])("refuses $x with $W and $b, and says which tensor does not fit", ({ x, W, b, message }) => {
    expect(() => apply(x, W, b)).toThrow(new ShapeError(message));
  });

  it.each([[[0, 2]], [[2, -1]], [[1.5, 2]], [[Number.NaN]]])("has no tensor of shape %j", (shape) => {
    expect(() => tensor("t", shape)).toThrow(/^t: got shape \(.*\), expected positive integers\./);
  });
});

describe("a slice", () => {
  const arena = tensor("arena", [256]);

  it("starts at a multiple of 128 elements and ends inside its arena", () => {
    expect(sliceOf(arena, "W", [8, 16], 128)).toMatchObject({ shape: [8, 16], slice: { root: arena, offset: 128 } });
    expect(() => sliceOf(arena, "W", [8, 8], 64)).toThrow(/^W: got elements 64 to 128 of arena \(256\), expected/);
    expect(() => sliceOf(arena, "W", [43, 3], 128)).toThrow(/^W: got elements 128 to 257 of arena \(256\), expected/);
  });
});
