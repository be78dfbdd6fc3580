import type { PreparedData } from "../data/prepare.ts";
import type { Device } from "../devices/device.ts";
import type { RunConfig } from "./config.ts";
import type { OpenedDevice } from "./openDevice.ts";
import { createRun, MAX_STEPS } from "./run.ts";

/** What is trained to measure the devices: the run itself. */
export interface Work {
  readonly config: RunConfig;
  readonly data: PreparedData;
}

/** Milliseconds that a measurement lasts at least; steps before the last ones wake up caches, clocks and drivers. */
const MEASURED_MS = 40;
/** A first step, which pays for what the others find ready, takes less than so many of them: 2.4 on the CPU. */
const FIRST_STEP = 8;
/** Milliseconds from which on a step is too long to be taken twice; a first step that was held up is shorter. */
const LONG_MS = 400;

/**
 * Milliseconds of one training step of this very run on a device, many at a time, as the trainer takes them.
 *
 * @param other of another device: of one that is much slower, a single step is enough.
 */
export async function timePerStep(
  device: Device,
  { config, data }: Work,
  other = Number.POSITIVE_INFINITY,
): Promise<number> {
  const run = await createRun({ config, data, device, probe: new Float32Array(data.inputWidth) });
  const timeOf = async (steps: number) => {
    const started = performance.now();
    await run.trainSteps(steps);
    return performance.now() - started;
  };
  try {
    const first = await timeOf(1);
    if (first > Math.max(LONG_MS, FIRST_STEP * other)) return first;
    for (let steps = 1; ; steps = Math.min(steps * 2, MAX_STEPS)) {
      const elapsed = await timeOf(steps);
      if (elapsed >= MEASURED_MS || steps === MAX_STEPS) return elapsed / steps;
    }
  } finally {
    run.dispose();
  }
}

const text = (milliseconds: number): string => `${Number(milliseconds.toPrecision(2))} ms a step`;

/** Trains on the GPU and on the CPU for a moment and takes the faster, with the reason in numbers. */
export async function takeFaster(gpu: Device, cpu: Device, work: Work): Promise<OpenedDevice> {
  const never = () => Number.POSITIVE_INFINITY;
  const onGpu = await timePerStep(gpu, work).catch(never);
  const onCpu = await timePerStep(cpu, work, onGpu).catch(never);
  // Where neither can, the CPU says why
  if (onGpu === never()) return { device: cpu, reason: "the GPU could not run this" };
  if (onCpu === never()) return { device: gpu, reason: "the CPU could not run this" };
  const [device, time, other, otherTime] = onGpu < onCpu ? [gpu, onGpu, "CPU", onCpu] : [cpu, onCpu, "GPU", onGpu];
  return { device, reason: `measured: ${text(time)}, the ${other} ${text(otherTime)}` };
}
