// Noise on the inputs of a training batch, drawn anew at each step; see shaders/common/noise-inputs.wgsl.
//
//   batchInputs += inputNoise n, with n from the standard normal distribution

import { batchRow } from "./common/clock";
import { Control } from "./common/control";
import { loadLanes, storeLanes } from "./common/lanes";
import { cos, log, sin } from "./common/math";
import { AUGMENTATION_STREAM, stepUniforms } from "./common/noise";
import { lineShareStart } from "./common/share";

@unmanaged
export class AddInputNoise {
  replica: u32;
  batchInputs: usize;
  control: usize;
  orderKey: usize;
  clock: usize;
  batches: usize;
  B: u32;
  I: u32;
  M: u32;
  micro: u32;
}

/** Four normal numbers of two pairs of uniform ones, by Box and Muller (1958). */
@inline
function normals(uniforms: v128): v128 {
  const logarithms = log(f32x4.sub(f32x4.splat(1), uniforms));
  const radii = f32x4.sqrt(f32x4.mul(f32x4.splat(-2), logarithms));
  const angles = f32x4.mul(f32x4.splat(6.2831853), uniforms);
  const directions = i32x4.shuffle(cos(angles), sin(angles), 1, 5, 3, 7);
  return f32x4.mul(i32x4.shuffle(radii, radii, 0, 0, 2, 2), directions);
}

/** A part owns elements of the rows in use. */
export function addInputNoise(args: AddInputNoise, part: u32, parts: u32): void {
  const batch = batchRow(args.clock, args.batches, args.M, args.micro);
  const deviation = f32x4.splat(changetype<Control>(args.control).inputNoise);
  const used = min(args.B, batch.count) * args.I;
  const end = lineShareStart(used, part + 1, parts);
  for (let i = lineShareStart(used, part, parts); i < end; i += 4) {
    const noise = normals(stepUniforms(args.orderKey, AUGMENTATION_STREAM, batch.step, args.micro, i >> 2));
    const at = args.batchInputs + (<usize>i << 2);
    storeLanes(at, f32x4.add(loadLanes(at, end - i), f32x4.mul(deviation, noise)), end - i);
  }
}
