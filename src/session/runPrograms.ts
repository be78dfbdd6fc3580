import type { ProgramName } from "../engine/compile.ts";
import type { Tensor } from "../engine/graph/tensor.ts";
import { metricsColumns } from "../engine/probes.ts";
import type { Loaded } from "./runMemory.ts";

/** Writes a tensor alike for all replicas. */
export function writeAll({ plan, machine }: Loaded, tensor: Tensor, values: Float32Array | Uint32Array): void {
  for (let replica = 0; replica < plan.plan.replicas; replica++) machine.write(tensor, values, { replica });
}

/** The next program begins at row 0 of the tables. */
export const startClock = (loaded: Loaded): void => writeAll(loaded, loaded.plan.tables.clock, Uint32Array.of(0, 0));

/** Runs a program from row 0 of the tables and reads the rows of metrics (K, R, 8) that it wrote. */
export function runRows(loaded: Loaded, program: ProgramName, count: number): Promise<Float32Array> {
  const { plan, machine } = loaded;
  startClock(loaded);
  machine.run(program, count);
  return machine.read(plan.metrics, { count: count * plan.plan.replicas * metricsColumns.length });
}
