import { forwardPass } from "../graph/graph.ts";
import { buildModel } from "../model.ts";
import { type Context, root } from "./context.ts";

/** The model's outputs (G, O) for inputs (G, I) that the host chose. */
export function prediction({ shape, parameters }: Context) {
  const inputs = root("probe.inputs", [shape.probeCount, shape.model.inputs], { role: "data" });
  const { graph, output } = buildModel(shape.model, { prefix: "predict", input: inputs, slices: parameters.slices });
  return { program: { name: "predict", calls: forwardPass(graph).calls }, inputs, outputs: output };
}
