import { describe, expect, it } from "vitest";
import * as engineActivations from "../../src/engine/activations/index.ts";
import { compileRun, type RunPlan } from "../../src/engine/compile.ts";
import { initialControl, uncontrolled } from "../../src/engine/control.ts";
import { elements, offsetOf, type Tensor } from "../../src/engine/graph/tensor.ts";
import * as losses from "../../src/engine/losses/index.ts";
import type { Loss } from "../../src/engine/losses/loss.ts";
import { sgd } from "../../src/engine/optimizers/index.ts";
import { defaultsOf } from "../../src/lib/hyperparameters.ts";
import { createRandom } from "../../src/lib/random.ts";
import { createReferenceDevice, type ReferenceMachine } from "./device.ts";
import { centralDifferences, gradientMismatch } from "./differences.ts";

/**
 * Weights below 0.2 and biases of +-2.5 keep every pre-activation of this model away from 0, where the kinks are: no
 * hidden value is above 4.3, so that |sum| <= 4 * 0.2 * 3 < 2.5 in every layer.
 */
const WEIGHT = 0.2;
const BIAS = 2.5;
const INPUT = 3;
const B = 4;
const CLASSES = 3;

/** The loss's own numbers at its defaults. */
const settingsOf = (loss: Loss): readonly number[] =>
  loss.settings(defaultsOf(loss.hyperparameters) as never, loss.outputsFor(CLASSES));

function compile(loss: Loss, activation: string): RunPlan {
  return compileRun({
    model: {
      inputs: 3,
      layers: [
        { width: 4, activation },
        { width: 3, activation },
      ],
      outputs: loss.outputsFor(CLASSES),
    },
    loss,
    settingCount: settingsOf(loss).length,
    optimizer: sgd,
    targetWidth: loss.task === "classification" ? 1 : CLASSES,
    counts: { train: 9, validation: 1, test: 1 },
    batchSize: B,
    replicas: 1,
    maxSteps: 1,
    probeCount: 1,
  });
}

/** Fills data and parameters; the table of scalars stays 0, so that the update changes nothing. */
function fill(machine: ReferenceMachine, { data, tables, parameters }: RunPlan, loss: Loss): void {
  const random = createRandom(11, "data");
  const fillWith = (tensor: Tensor, value: (index: number) => number) =>
    machine.values(tensor).forEach((_, index, all) => {
      all[index] = value(index);
    });
  fillWith(data.train.inputs, () => INPUT * (2 * random.uniform() - 1));
  const values = loss.maxClasses ?? CLASSES;
  fillWith(data.train.targets, () => random.integer(values));
  machine.values(tables.settings).set(settingsOf(loss));
  machine.values(tables.batches).set([0, B, 0, 1, 1]);
  machine.values(tables.control).set(initialControl(uncontrolled));
  for (const slice of parameters.slices.values()) {
    if (slice.shape.length > 1) fillWith(slice, () => WEIGHT * (2 * random.uniform() - 1));
    else fillWith(slice, (index) => (index % 2 === 0 ? BIAS : -BIAS));
  }
}

/** The gradients' arena is laid out like that of the parameters. */
function gradientsOf(machine: ReferenceMachine, { plan }: RunPlan, parameter: Tensor): Float64Array {
  const arena = plan.programs.step.calls
    .map(({ bindings }) => bindings.gradients)
    .find((tensor) => tensor !== undefined);
  if (arena === undefined) throw new Error("gradients: got no such binding in the step, expected one.");
  const start = offsetOf(parameter);
  return machine.values(arena).subarray(start, start + elements(parameter.shape));
}

describe.each(Object.entries<Loss>(losses))("a model of three layers under %s", (_, loss) => {
  it.each(Object.keys(engineActivations))(
    "has the gradients that its central differences show, with %s",
    async (activation) => {
      const run = compile(loss, activation);
      const machine = await createReferenceDevice().load(run.plan);
      fill(machine, run, loss);
      const meanLoss = (): number => {
        machine.values(run.tables.clock).fill(0);
        machine.run("step", 1);
        return machine.values(run.metrics)[0] / B;
      };
      for (const [name, slice] of run.parameters.slices) {
        const differences = centralDifferences(machine.values(slice), meanLoss);
        expect(
          differences.some((difference) => Math.abs(difference) > 1e-6),
          name,
        ).toBe(true);
        meanLoss();
        expect(gradientMismatch(gradientsOf(machine, run, slice), differences), name).toBeUndefined();
      }
    },
  );
});
