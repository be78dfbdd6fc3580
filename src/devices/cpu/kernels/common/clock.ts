// Which row of the step table a kernel belongs to; see shaders/common/clock.wgsl.

/** clock (2): rows of the forward, loss and backward moves, and of the update move. */
@unmanaged
export class Clock {
  row: u32;
  updateRow: u32;
}

/** A row of the table `batches` (K M, 5). */
@unmanaged
export class BatchRow {
  start: u32;
  count: u32;
  epoch: u32;
  shuffled: u32;
  step: u32;
}

/** The row of batch `micro` of the M that the step takes, at which the clock stands. */
export function batchRow(clock: usize, batches: usize, M: u32, micro: u32): BatchRow {
  return changetype<BatchRow>(batches + <usize>(changetype<Clock>(clock).row * M + micro) * offsetof<BatchRow>());
}
