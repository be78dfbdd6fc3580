import type { Device } from "../../src/devices/device.ts";
import { checkConfig } from "../../src/session/check.ts";
import type { RunConfig } from "../../src/session/config.ts";
import { prepareData } from "../../src/session/prepareData.ts";
import { createRun, type Run } from "../../src/session/run.ts";

/** A configuration with the defaults for what is left out. */
export function configOf(part: object): RunConfig {
  const checked = checkConfig(part);
  if (!checked.ok) throw new Error(checked.problems.join(" "));
  return checked.config;
}

/** A run of a configuration on its generated data. */
export async function runOf(part: object, device: Device): Promise<Run> {
  const config = configOf(part);
  const data = prepareData(config.data, undefined);
  return createRun({ config, data, device, probe: new Float32Array(data.inputWidth) });
}

/** All weights in one row. */
export async function weightsOf(run: Run): Promise<Float32Array> {
  const tensors = await run.readParameters();
  return Float32Array.from([...tensors.values()].flatMap(({ values }) => [...values]));
}
