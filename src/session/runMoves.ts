import { controlRow, uncontrolled } from "../engine/control.ts";
import type { Move } from "../engine/graph/program.ts";
import type { TriedMove } from "../engine/programs/moves.ts";
import type { Loaded } from "./runMemory.ts";

/** A tensor by value. */
export interface NamedValues {
  readonly name: string;
  readonly values: Float32Array;
}

/** What a move of a step gives, in the order in which it is computed. */
export interface MoveValues {
  readonly move: Move;
  /** Counted from 1. */
  readonly step: number;
  /**
   * Forward: the outputs of the layers for the first batch. Loss: `loss` and `hits` of each example. Backward: the
   * gradients without the loss scale and penalties, from the last layer's. Update: what was added to each parameter.
   */
  readonly tensors: readonly NamedValues[];
}

/** Place of the loss scale in the tensor `control`, after what the host writes. */
const LOSS_SCALE = controlRow(uncontrolled).length;

/**
 * Runs the step at which the clock stands up to the end of a move and reads what it gives. Nothing of the training
 * changes.
 *
 * @param counts examples of each of the step's batches.
 */
export async function tryMove(
  loaded: Loaded,
  { move, counts }: { readonly move: TriedMove; readonly counts: readonly number[] },
): Promise<readonly NamedValues[]> {
  loaded.machine.run(move, 1);
  return readers[move](loaded, counts);
}

type Reader = (loaded: Loaded, counts: readonly number[]) => Promise<readonly NamedValues[]>;

const readers: Readonly<Record<TriedMove, Reader>> = {
  forward: ({ plan, machine }, [rows = 0]) =>
    Promise.all(
      plan.tried.outputs.map(async (tensor) => ({
        name: tensor.name.slice(tensor.name.indexOf(".") + 1),
        values: await machine.read(tensor, { count: rows * (tensor.shape[1] ?? 1) }),
      })),
    ),
  async loss({ plan, machine }, counts) {
    const { rowLoss, rowHit } = plan.tried.rows;
    const [loss, hits] = await Promise.all([machine.read(rowLoss), machine.read(rowHit)]);
    const B = loss.length / counts.length;
    const ofExamples = (values: Float32Array) =>
      values.filter((_, row) => row % B < (counts[Math.floor(row / B)] ?? 0));
    return [
      { name: "loss", values: ofExamples(loss) },
      { name: "hits", values: ofExamples(hits) },
    ];
  },
  async backward({ plan, machine }) {
    const slices = [...plan.tried.gradients.slices].reverse();
    const [control, ...gradients] = await Promise.all([
      machine.read(plan.tables.control),
      ...slices.map(([, tensor]) => machine.read(tensor)),
    ]);
    const scale = control[LOSS_SCALE] ?? 1;
    return slices.map(([name], index) => ({
      name,
      values: (gradients[index] ?? new Float32Array()).map((value) => value / scale),
    }));
  },
};
