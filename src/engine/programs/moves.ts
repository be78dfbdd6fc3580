import type { Call, Move, Program } from "../graph/program.ts";
import type { Tensor } from "../graph/tensor.ts";
import { layArena, type ParameterArena } from "../parameters.ts";
import { roundingOf, withRounding } from "../precision/rounding.ts";
import { batchToLoss, createLossRows, type LossRows } from "./batchToLoss.ts";
import { type Context, rowsOf } from "./context.ts";
import { batchGradient } from "./step.ts";

/** The moves that leave the training as it is: it can be looked at what they give before the step is taken. */
export const triedMoves = ["forward", "loss", "backward"] as const satisfies readonly Move[];
export type TriedMove = (typeof triedMoves)[number];

/** What each of the programs leaves, to be read before another program runs. */
export interface TriedMoves {
  readonly programs: Readonly<Record<TriedMove, Program>>;
  /** `forward`: the outputs (B, O) of all layers for the step's first batch; with checkpointing only of the last. */
  readonly outputs: readonly Tensor[];
  /** `loss`: of all batches of the step. */
  readonly rows: LossRows;
  /** `backward`: gradients of the step, with its loss scale, without penalties; slices by the parameters' names. */
  readonly gradients: ParameterArena;
}

/**
 * The step at which the clock stands, up to the end of one of its moves: the same calls on the same numbers as in the
 * step, in memory of their own, so that trying a move changes nothing.
 */
export function tryMoves(context: Context): TriedMoves {
  const forward = firstForward(context);
  const loss = allLosses(context);
  const backward = allGradients(context);
  const { refresh } = context.weights;
  const program = (name: TriedMove, calls: readonly Call[]): Program => ({ name, calls: [...refresh, ...calls] });
  return {
    programs: {
      forward: program("forward", forward.calls),
      loss: program("loss", loss.calls),
      backward: program("backward", backward.calls),
    },
    ...{ outputs: forward.outputs, rows: loss.rows, gradients: backward.gradients },
  };
}

const batchesOf = ({ shape }: Context) => ({
  B: Math.min(shape.batchSize, rowsOf(shape, "train")),
  M: shape.accumulation ?? 1,
});

function firstForward(context: Context) {
  const { B, M } = batchesOf(context);
  const rows = createLossRows("tryForward", M * B);
  const batch = batchToLoss(context, {
    ...{ prefix: "tryForward", split: "train", B, M, rows },
    micro: 0,
    isTraining: true,
  });
  const calls = withRounding(batch.calls).filter(({ move }) => move === "forward");
  // Keeping them all would take what checkpointing saves
  const nodes = context.shape.checkpointing ? batch.forward.nodes.slice(-1) : batch.forward.nodes;
  return { calls, outputs: nodes.map(({ output }) => output) };
}

function allLosses(context: Context) {
  const { B, M } = batchesOf(context);
  const rows = createLossRows("tryLoss", M * B);
  const calls = Array.from({ length: M }, (_, micro) => {
    const prefix = `tryLoss.${micro}`;
    return withRounding(
      batchToLoss(context, { ...{ prefix, split: "train", B, M, micro, rows }, isTraining: true }).calls,
    );
  });
  return { calls: calls.flat(), rows };
}

function allGradients(context: Context) {
  const { shape, specs } = context;
  const { B, M } = batchesOf(context);
  const gradients = layArena(specs, "tryBackward.gradients", "activations", "Grad");
  const rows = createLossRows("tryBackward", M * B);
  const calls = Array.from({ length: M }, (_, micro) =>
    withRounding(batchGradient(context, { prefix: `tryBackward.${micro}`, B, M, micro, rows, gradients })),
  );
  const { precision = "f32" } = shape;
  const rounding = precision === "f32" ? [] : [roundingOf(gradients.arena, precision, "backward")];
  return { calls: [...calls.flat(), ...rounding], gradients };
}
