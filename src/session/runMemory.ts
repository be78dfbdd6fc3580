import type { Machine } from "../devices/device.ts";
import type { ProgramName, RunPlan } from "../engine/compile.ts";
import { elements, type Tensor } from "../engine/graph/tensor.ts";
import type { ModelConfig } from "./config.ts";
import { expectFitting, initialWeights, type NamedTensor } from "./weights.ts";

/** A compiled run on a device. */
export interface Loaded {
  readonly plan: RunPlan;
  readonly machine: Machine<ProgramName>;
}

/** All that a run is at a moment: on any device, it goes on from here as if nothing had happened. */
export interface Snapshot {
  readonly step: number;
  /** What lasts from step to step: per tensor, per replica. */
  readonly tensors: readonly (readonly Float32Array[])[];
}

const replicasOf = ({ plan }: RunPlan): readonly number[] =>
  Array.from({ length: plan.replicas }, (_, replica) => replica);

/** The weights of a replica by their names in PyTorch's `state_dict`. */
export async function readParameters({ plan, machine }: Loaded, replica: number): Promise<Map<string, NamedTensor>> {
  const entries = [...plan.parameters.slices].map(
    async ([name, tensor]): Promise<[string, NamedTensor]> => [
      name,
      { shape: tensor.shape, values: await machine.read(tensor, { replica }) },
    ],
  );
  return new Map(await Promise.all(entries));
}

/** Sets the weights of all replicas. Throws a `RunError` that names the first tensor that is missing, new or misshapen. */
export function writeParameters({ plan, machine }: Loaded, weights: ReadonlyMap<string, NamedTensor>): void {
  expectFitting(plan.parameters.slices, weights);
  for (const [name, tensor] of plan.parameters.slices) {
    const { values } = weights.get(name) ?? { values: new Float32Array() };
    for (const replica of replicasOf(plan)) machine.write(tensor, values, { replica });
  }
}

/** Writes what lasts as it is before the first step: initial weights, the optimizer's state, and `control`. */
export function writeStart({ plan, machine }: Loaded, model: ModelConfig, control: Float32Array): void {
  for (const replica of replicasOf(plan)) {
    const weights = initialWeights(plan.specs, model, replica);
    for (const [name, tensor] of plan.parameters.slices) {
      machine.write(tensor, weights.get(name) ?? new Float32Array(elements(tensor.shape)), { replica });
    }
    for (const { tensor, initial } of plan.state) {
      const values = typeof initial === "number" ? new Float32Array(elements(tensor.shape)).fill(initial) : initial;
      machine.write(tensor, values, { replica });
    }
    machine.write(plan.tables.control, control, { replica });
  }
}

/** What lasts from step to step: parameters, the optimizer's state, what steers the steps. */
const lastingOf = ({ parameters, state, tables }: RunPlan): readonly Tensor[] => [
  parameters.arena,
  ...state.map(({ tensor }) => tensor),
  tables.control,
];

/** Reads what lasts, per tensor, per replica. */
export function readLasting({ plan, machine }: Loaded): Promise<Snapshot["tensors"]> {
  const tensors = lastingOf(plan).map((tensor) =>
    Promise.all(replicasOf(plan).map((replica) => machine.read(tensor, { replica }))),
  );
  return Promise.all(tensors);
}

/** Writes what `readLasting` has read from a run of the same configuration. */
export function writeLasting({ plan, machine }: Loaded, tensors: Snapshot["tensors"]): void {
  lastingOf(plan).forEach((tensor, index) => {
    for (const [replica, values] of (tensors[index] ?? []).entries()) machine.write(tensor, values, { replica });
  });
}
