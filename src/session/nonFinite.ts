import type { Move } from "../engine/graph/program.ts";
import { triedMoves } from "../engine/programs/moves.ts";
import type { Run } from "./run.ts";
import type { NamedValues } from "./runMoves.ts";
import type { StepRows } from "./stepRows.ts";

/** Where a training first had numbers that are not finite. */
export interface Broke {
  /** Counted from 1; 0 for initial weights. */
  readonly step: number;
  /** In the order of a step. */
  readonly move: Move;
  /** A parameter's name, of which it is the weight or the gradient by the move; a layer's output; `loss`. */
  readonly tensor: string;
  /** Of the tensor, counted from 0; not there for the loss. */
  readonly layer?: number;
  /** Numbers of the tensor, how many of them are not finite, and what the first of these is. */
  readonly size: number;
  readonly count: number;
  readonly value: number;
}

/** The first of the steps whose loss is not a finite number, or that took a gradient which is none. */
export function brokenStep({ step, loss, nonFinite }: StepRows): number | undefined {
  const row = loss.findIndex((value) => !Number.isFinite(value));
  const steps = [step[row], nonFinite?.step].filter((found) => found !== undefined);
  return steps.length === 0 ? undefined : Math.min(...steps);
}

function firstIn(tensors: Iterable<NamedValues>, where: Pick<Broke, "step" | "move">): Broke | undefined {
  for (const { name, values } of tensors) {
    const value = values.find((number) => !Number.isFinite(number));
    if (value === undefined) continue;
    const count = values.reduce((sum, number) => sum + (Number.isFinite(number) ? 0 : 1), 0);
    const layer = /^layers\.(\d+)\./.exec(name)?.[1];
    const place = layer === undefined ? {} : { layer: Number(layer) };
    return { ...where, tensor: name, ...place, size: values.length, count, value };
  }
  return undefined;
}

const weightsOf = async (run: Run): Promise<readonly NamedValues[]> =>
  [...(await run.readParameters())].map(([name, { values }]) => ({ name, values }));

/**
 * Takes the next step of a run move by move, and says where it breaks: in the weights that it starts with, an output, the
 * loss, a gradient, or a weight that it makes. The run may have taken the step afterwards.
 */
export async function findNonFinite(run: Run): Promise<Broke | undefined> {
  const inWeights = firstIn(await weightsOf(run), { step: run.step, move: "update" });
  if (inWeights !== undefined) return inWeights;
  for (const move of triedMoves) {
    const { step, tensors } = await run.tryMove(move);
    const found = firstIn(tensors, { step, move });
    if (found !== undefined) return found;
  }
  await run.trainSteps(1);
  return firstIn(await weightsOf(run), { step: run.step, move: "update" });
}

/** Where the next step of a run breaks; the loss of `step` where nothing that can be read does. */
export const locateBreak = async (run: Run, step: number): Promise<Broke> =>
  (await findNonFinite(run)) ?? { step, move: "loss", tensor: "loss", size: 1, count: 1, value: Number.NaN };
