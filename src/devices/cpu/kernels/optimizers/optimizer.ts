// What every optimizer needs; see src/engine/optimizers/optimizer.ts.

import { Clock } from "../common/clock";
import { Control } from "../common/control";
import { loadLanes } from "../common/lanes";

/** The row of the table `scalars` (K, R) of the step that is updated, for the replica of the argument block. */
@inline
export function scalarsRow<Args, Scalars>(args: Args): usize {
  const row = changetype<Clock>(args.clock).updateRow * args.R + args.replica;
  return args.scalars + <usize>row * offsetof<Scalars>();
}

/** A step whose gradient overflowed in half precision changes nothing. */
@inline
export function isSkipped(control: usize): bool {
  return changetype<Control>(control).factor == 0;
}

/** Whether no step before has updated anything: the clock does not tell, as it counts skipped steps too. */
@inline
export function isFirstUpdate(control: usize): bool {
  return changetype<Control>(control).updated == 1;
}

/** The clipped gradients of `count` parameters, `offset` bytes from the first. A NaN is no larger than the limit. */
@inline
export function gradientLanes<Args>(args: Args, offset: usize, count: u32): v128 {
  const control = changetype<Control>(args.control);
  const g = f32x4.mul(loadLanes(args.gradients + offset, count), f32x4.splat(control.factor));
  return f32x4.pmax(f32x4.pmin(g, f32x4.splat(control.limit)), f32x4.splat(-control.limit));
}
