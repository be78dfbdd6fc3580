// Closes a step or an evaluation: reduces its sums, writes a row of metrics, and moves the clock on.
//
//   metrics[row, replica] = (sum of losses, hits, gradient norm, 1 + first tensor with a non-finite gradient, or 0)
//
// Few numbers: part 0 does it all.

import { Clock } from "../common/clock";

@unmanaged
export class RecordStep {
  replica: u32;
  rowLoss: usize;
  rowHit: usize;
  partials: usize;
  laneEnds: usize;
  tensorNorms: usize;
  metrics: usize;
  clock: usize;
  B: u32;
  tensors: u32;
  R: u32;
}

@unmanaged
export class RecordEvaluation {
  replica: u32;
  rowLoss: usize;
  rowHit: usize;
  metrics: usize;
  clock: usize;
  B: u32;
  R: u32;
}

/** A row of the table `metrics` (K, R, 4). */
@unmanaged
class MetricsRow {
  loss: f32;
  hits: f32;
  gradNorm: f32;
  nonFinite: f32;
}

export function recordStep(args: RecordStep, part: u32, _parts: u32): void {
  if (part > 0) return;
  const clock = changetype<Clock>(args.clock);
  const row = metricsRow(args.metrics, clock.row * args.R + args.replica);
  row.loss = sumOf(args.rowLoss, args.B);
  row.hits = sumOf(args.rowHit, args.B);
  writeNorms(args, row);
  advance(clock);
}

export function recordEvaluation(args: RecordEvaluation, part: u32, _parts: u32): void {
  if (part > 0) return;
  const clock = changetype<Clock>(args.clock);
  const row = metricsRow(args.metrics, clock.row * args.R + args.replica);
  row.loss = sumOf(args.rowLoss, args.B);
  row.hits = sumOf(args.rowHit, args.B);
  advance(clock);
}

function metricsRow(metrics: usize, index: u32): MetricsRow {
  return changetype<MetricsRow>(metrics + <usize>index * offsetof<MetricsRow>());
}

function sumOf(values: usize, count: u32): f32 {
  let sum: f32 = 0;
  for (let i: u32 = 0; i < count; i++) sum += load<f32>(values + (<usize>i << 2));
  return sum;
}

/** Adds up the lanes of each tensor, and the tensors. */
function writeNorms(args: RecordStep, row: MetricsRow): void {
  let total: f32 = 0;
  let firstNonFinite: u32 = 0;
  let lane: u32 = 0;
  for (let t: u32 = 0; t < args.tensors; t++) {
    const end = load<u32>(args.laneEnds + (<usize>t << 2));
    let sum: f32 = 0;
    let nonFinite: f32 = 0;
    for (; lane < end; lane++) {
      const partial = args.partials + (<usize>lane << 3);
      sum += load<f32>(partial);
      nonFinite += load<f32>(partial, 4);
    }
    store<f32>(args.tensorNorms + (<usize>t << 2), sqrt<f32>(sum));
    total += sum;
    if (nonFinite > 0 && firstNonFinite == 0) firstNonFinite = t + 1;
  }
  row.gradNorm = sqrt<f32>(total);
  row.nonFinite = <f32>firstNonFinite;
}

/** The update that follows still belongs to this row; the next forward move to the next one. */
function advance(clock: Clock): void {
  clock.updateRow = clock.row;
  clock.row++;
}
