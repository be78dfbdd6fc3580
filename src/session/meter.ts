import type { Machine } from "../devices/device.ts";
import type { ProgramName, RunPlan } from "../engine/compile.ts";
import type { ParameterArena } from "../engine/parameters.ts";
import {
  gradientNoise,
  layerMeasurements,
  type Measurements,
  type Moment,
  tensorMeasurements,
} from "./measurements.ts";

/** Where a run stands. */
export interface Standing {
  /** Steps done. */
  readonly step: number;
  /** Of the last step. */
  readonly lossScale: number;
}

/** Measures a run between its steps. Nothing is computed or kept unless somebody asks. */
export interface Meter {
  /** Keeps the weights and gradients of now, so that a measurement one step later can compare itself with them. */
  remember(standing: Standing): void;
  /**
   * The first replica's measurements. The first row of the table of batches must have as many examples as are measured,
   * and the clock must stand at it.
   *
   * @param counts examples of the last step's batches.
   */
  measure(standing: Standing, counts: readonly number[]): Promise<Measurements>;
  /** The run starts anew. */
  reset(): void;
}

export function createMeter(plan: RunPlan, machine: Machine<ProgramName>): Meter {
  let remembered: { readonly step: number; readonly moment: Promise<Moment> } | undefined;

  const valuesOf = async ({ slices }: ParameterArena, scale: number) => {
    const reads = [...slices].map(async ([name, tensor]) => [name, await machine.read(tensor)] as const);
    return new Map((await Promise.all(reads)).map(([name, values]) => [name, values.map((value) => value / scale)]));
  };
  const momentOf = async ({ lossScale }: Standing): Promise<Moment> => {
    const [weights, gradients] = await Promise.all([valuesOf(plan.parameters, 1), valuesOf(plan.gradients, lossScale)]);
    return { weights, gradients };
  };
  const layersOf = () =>
    plan.measured.map(async ({ outputs, slopes }) => {
      const [rows = 0, width = 0] = outputs.shape;
      const [values, steepness] = await Promise.all([machine.read(outputs), machine.read(slopes)]);
      return layerMeasurements({ outputs: values, slopes: steepness }, { rows, width });
    });

  return {
    remember(standing) {
      const moment = momentOf(standing);
      // Whoever measures sees the error
      moment.catch(() => undefined);
      remembered = { step: standing.step, moment };
    },
    async measure(standing, counts) {
      machine.run("measure", 1);
      const [layers, now] = await Promise.all([Promise.all(layersOf()), momentOf(standing)]);
      const before = remembered?.step === standing.step - 1 ? await remembered.moment : undefined;
      const examples = counts.reduce((sum, count) => sum + count, 0);
      return {
        ...{ step: standing.step, tensors: tensorMeasurements(now, before), layers },
        // Before the first step there are no gradients
        ...(before && standing.step > 1
          ? { gradientNoise: gradientNoise(before.gradients, now.gradients, examples) }
          : {}),
      };
    },
    reset() {
      remembered = undefined;
    },
  };
}
