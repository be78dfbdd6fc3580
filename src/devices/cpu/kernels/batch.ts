// Picks the batch of this step: copies the rows of its examples out of the data set.
//
//   batchInputs_b = inputs_p(start + b), batchTargets_b = targets_p(start + b)
//
// with the epoch's permutation p, or in the order of the file. Rows from `count` on are padding of a short last batch
// and become 0.

import { batchRow } from "./common/clock";
import { clearNumbers, copyNumbers } from "./common/lanes";
import { permutationKeys, permute } from "./common/permutation";
import { scratchKeys } from "./common/scratch";
import { shareStart } from "./common/share";

@unmanaged
export class GatherBatch {
  replica: u32;
  inputs: usize;
  targets: usize;
  orderKey: usize;
  batchInputs: usize;
  batchTargets: usize;
  clock: usize;
  batches: usize;
  B: u32;
  N: u32;
  I: u32;
  T: u32;
  M: u32;
  micro: u32;
}

/** A part owns rows of the batch. */
export function gatherBatch(args: GatherBatch, part: u32, parts: u32): void {
  const batch = batchRow(args.clock, args.batches, args.M, args.micro);
  if (batch.shuffled) permutationKeys(batch.epoch, load<u32>(args.orderKey), load<u32>(args.orderKey, 4), scratchKeys);
  const end = shareStart(args.B, part + 1, parts);
  for (let b = shareStart(args.B, part, parts); b < end; b++) {
    const inputs = args.batchInputs + ((<usize>b * args.I) << 2);
    const targets = args.batchTargets + ((<usize>b * args.T) << 2);
    if (b >= batch.count) {
      clearNumbers(inputs, args.I);
      clearNumbers(targets, args.T);
      continue;
    }
    let example = min(batch.start + b, args.N - 1);
    if (batch.shuffled) example = permute(example, args.N, scratchKeys);
    copyNumbers(inputs, args.inputs + ((<usize>example * args.I) << 2), args.I);
    copyNumbers(targets, args.targets + ((<usize>example * args.T) << 2), args.T);
  }
}
