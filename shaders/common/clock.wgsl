// Which row of the step table a kernel belongs to. A submission runs K steps; the host uploads K rows and sets the clocks
// to 0, and the last kernel before the update moves it on, so that every step is the same list of dispatches.
//
//   clock[replica] = (row of the forward, loss and backward moves, row of the update move)
//   batches[row, micro] = (first position in the epoch, examples in the batch, epoch, 1 if the order is shuffled,
//                          number of the step)
//
// With accumulation a step takes M batches one after the other; `micro` says which of them a kernel belongs to.
// Modules that are linked with this one declare `clock` and `batches`.

override clockStride: u32 = 0u;
override M: u32 = 1u; // batches per step
override micro: u32 = 0u; // the batch at hand, from 0

const BATCH_COLUMNS = 5u;

fn batchColumn(r: u32, column: u32) -> u32 {
  return batches[BATCH_COLUMNS * (clock[r * clockStride] * M + micro) + column];
}
fn batchStart(r: u32) -> u32 { return batchColumn(r, 0u); }
fn batchCount(r: u32) -> u32 { return batchColumn(r, 1u); }
fn batchEpoch(r: u32) -> u32 { return batchColumn(r, 2u); }
fn isShuffled(r: u32) -> bool { return batchColumn(r, 3u) == 1u; }
fn stepNumber(r: u32) -> u32 { return batchColumn(r, 4u); }

// Examples in all batches of the step.
fn stepCount(r: u32) -> u32 {
  let first = clock[r * clockStride] * M;
  var sum = 0u;
  for (var batch = first; batch < first + M; batch++) { sum += batches[BATCH_COLUMNS * batch + 1u]; }
  return sum;
}
