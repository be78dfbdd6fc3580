import { forwardPass } from "../graph/graph.ts";
import { buildModel } from "../model.ts";
import { castingOf, withRounding } from "../precision/rounding.ts";
import { type Context, inputTensor, root } from "./context.ts";

/** The model's outputs (G, O) for inputs (G, I) that the host chose. */
export function prediction({ shape, weights }: Context) {
  const size = [shape.probeCount, shape.model.inputs];
  const inputs = root("probe.inputs", size, { role: "data" });
  const { precision = "f32" } = shape;
  const input = precision === "f32" ? inputs : inputTensor(shape, "predict.inputs", size);
  const { graph, output } = buildModel(shape.model, { prefix: "predict", input, slices: weights.slices });
  const calls = [...weights.refresh, ...castingOf(inputs, input), ...withRounding(forwardPass(graph).calls)];
  return { program: { name: "predict", calls }, inputs, outputs: output };
}
