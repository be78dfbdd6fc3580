// What every loss kernel is given; see src/engine/losses/loss.ts.

@unmanaged
export class LossArguments {
  replica: u32;
  outputs: usize;
  targets: usize;
  rowLoss: usize;
  rowHit: usize;
  clock: usize;
  batches: usize;
  B: u32;
  O: u32;
}
