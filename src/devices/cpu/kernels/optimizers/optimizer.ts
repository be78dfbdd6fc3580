// What every optimizer needs; see src/engine/optimizers/optimizer.ts.

import { Clock } from "../common/clock";

/** The row of the table `scalars` (K, R) of the step that is updated, for the replica of the argument block. */
@inline
export function scalarsRow<Args, Scalars>(args: Args): usize {
  const row = changetype<Clock>(args.clock).updateRow * args.R + args.replica;
  return args.scalars + <usize>row * offsetof<Scalars>();
}
