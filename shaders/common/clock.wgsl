// Which row of the step table a kernel belongs to. A submission runs K steps; the host uploads K rows and sets the clocks
// to 0, and the last kernel before the update moves it on, so that every step is the same list of dispatches.
//
//   clock[replica] = (row of the forward, loss and backward moves, row of the update move)
//   batches[row] = (first position in the epoch, examples in the batch, epoch, 1 if the order is shuffled)
//
// Modules that are linked with this one declare `clock` and `batches`.

override clockStride: u32 = 0u;

fn batchStart(r: u32) -> u32 { return batches[4u * clock[r * clockStride]]; }
fn batchCount(r: u32) -> u32 { return batches[4u * clock[r * clockStride] + 1u]; }
fn batchEpoch(r: u32) -> u32 { return batches[4u * clock[r * clockStride] + 2u]; }
fn isShuffled(r: u32) -> bool { return batches[4u * clock[r * clockStride] + 3u] == 1u; }
