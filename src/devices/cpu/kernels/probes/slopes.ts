// How steep each hidden unit's activation is at an example; see shaders/probes/slopes.wgsl.
//
//   slopes = activateGrad(saved)

import { lineShareStart } from "../common/share";

@unmanaged
export class ActivationSlopes {
  replica: u32;
  activation: u32;
  saved: usize;
  slopes: usize;
  count: u32;
}

/** A part owns elements. The activation's function multiplies gradients by its derivative: here, gradients of 1. */
export function activationSlopes(args: ActivationSlopes, part: u32, parts: u32): void {
  const first = lineShareStart(args.count, part, parts);
  const end = lineShareStart(args.count, part + 1, parts);
  for (let i = first; i < end; i++) store<f32>(args.slopes + (<usize>i << 2), 1);
  const offset = <usize>first << 2;
  call_indirect<void>(args.activation, args.slopes + offset, args.saved + offset, end - first);
}
