import type { Machine } from "../devices/device.ts";
import type { ProgramName, RunPlan } from "../engine/compile.ts";
import { elements, type Tensor } from "../engine/graph/tensor.ts";
import type { State } from "../engine/optimizers/optimizer.ts";
import type { ModelConfig, Precision } from "./config.ts";
import { expectFitting, initialWeights, type NamedTensor, RunError } from "./weights.ts";

/** A compiled run on a device. */
export interface Loaded {
  readonly plan: RunPlan;
  readonly machine: Machine<ProgramName>;
}

/** All that a run is at a moment: on any device, it goes on from here as if nothing had happened. */
export interface Snapshot {
  readonly step: number;
  readonly precision: Precision;
  /** What lasts from step to step, by name: per replica. */
  readonly tensors: Lasting;
}

export type Lasting = ReadonlyMap<string, readonly Float32Array[]>;

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
    for (const state of plan.state) machine.write(state.tensor, initialOf(state), { replica });
    machine.write(plan.tables.control, control, { replica });
  }
}

const initialOf = ({ tensor, initial }: State): Float32Array =>
  typeof initial === "number" ? new Float32Array(elements(tensor.shape)).fill(initial) : initial;

/** What lasts from step to step: parameters, the optimizer's state, what steers the steps. */
const lastingOf = ({ parameters, state, tables }: RunPlan): readonly Tensor[] => [
  parameters.arena,
  ...state.map(({ tensor }) => tensor),
  tables.control,
];

/** Reads what lasts. */
export async function readLasting({ plan, machine }: Loaded): Promise<Lasting> {
  const tensors = lastingOf(plan).map(
    async (tensor): Promise<[string, Float32Array[]]> => [
      tensor.name,
      await Promise.all(replicasOf(plan).map((replica) => machine.read(tensor, { replica }))),
    ],
  );
  return new Map(await Promise.all(tensors));
}

/**
 * Writes what `readLasting` has read from a run with the same parameters. What it does not hold, or holds in another size,
 * because the optimizer remembers something else now, is as before the first step.
 *
 * @throws RunError where the parameters are of another model.
 */
export function writeLasting({ plan, machine }: Loaded, lasting: Lasting, control: Float32Array): void {
  const write = (tensor: Tensor, otherwise: () => Float32Array) => {
    for (const replica of replicasOf(plan)) {
      const values = lasting.get(tensor.name)?.[replica];
      machine.write(tensor, values?.length === elements(tensor.shape) ? values : otherwise(), { replica });
    }
  };
  write(plan.parameters.arena, () => {
    throw new RunError("snapshot: got the weights of another model, expected those of this one. Start the run anew.");
  });
  for (const state of plan.state) write(state.tensor, () => initialOf(state));
  write(plan.tables.control, () => control);
}
