// Closes a step or an evaluation: reduces its sums, writes a row of metrics, and moves the clock on.
//
//   metrics[row, replica] = (sum of losses, hits, gradient norm, 1 + number of the first tensor with a non-finite gradient,
//                            penalties, clip factor, loss scale, 1 if the update is skipped)
//   clip factor = maxNorm / (gradNorm + 1e-6) where gradNorm > maxNorm, otherwise 1,
//                 times the share of all elements that clipping by value leaves as they are
//
// See shaders/probes/metrics.wgsl. Few numbers: part 0 does it all.

import { Clock } from "../common/clock";
import { Control, UNBOUNDED } from "../common/control";
import { SHRINK } from "./gradNorm";

/** The smallest normal number: only a skipped step has a factor of 0. */
const LEAST_FACTOR: f32 = 1.1754943508222875e-38;
/** 2^70 */
const GROW: f32 = 1.1805916207174113e21;

@unmanaged
export class RecordStep {
  replica: u32;
  rowLoss: usize;
  rowHit: usize;
  partials: usize;
  laneEnds: usize;
  tensorNorms: usize;
  control: usize;
  metrics: usize;
  clock: usize;
  B: u32;
  tensors: u32;
  elements: u32;
  penalized: u32;
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

/** A row of the table `metrics` (K, R, 8). */
@unmanaged
class MetricsRow {
  loss: f32;
  hits: f32;
  gradNorm: f32;
  nonFinite: f32;
  penalty: f32;
  clipFactor: f32;
  lossScale: f32;
  skipped: f32;
}

export function recordStep(args: RecordStep, part: u32, _parts: u32): void {
  if (part > 0) return;
  const clock = changetype<Clock>(args.clock);
  const row = metricsRow(args.metrics, clock.row * args.R + args.replica);
  row.loss = sumOf(args.rowLoss, args.B);
  row.hits = sumOf(args.rowHit, args.B);
  const control = changetype<Control>(args.control);
  row.lossScale = control.lossScale;
  const unchanged = writeNorms(args, row);
  steer(control, row);
  row.clipFactor *= unchanged;
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

/**
 * Adds up the lanes of each tensor, and the tensors, without the loss scale that gradients still have. Returns the share
 * of elements that clipping by value leaves as they are.
 */
function writeNorms(args: RecordStep, row: MetricsRow): f32 {
  const scale = row.lossScale;
  let total: f32 = 0;
  let totalLarge: f32 = 0;
  let clipped: f32 = 0;
  let firstNonFinite: u32 = 0;
  let lane: u32 = 0;
  for (let t: u32 = 0; t < args.tensors; t++) {
    const end = load<u32>(args.laneEnds + (<usize>t << 2));
    let sum: f32 = 0;
    let large: f32 = 0;
    let nonFinite: f32 = 0;
    for (; lane < end; lane++) {
      const at = args.partials + (<usize>lane << 3);
      const partial = load<f32>(at);
      if (partial < 0) large -= partial;
      else sum += partial;
      const count = load<f32>(at, 4);
      if (count < 0) clipped -= count;
      else nonFinite += count;
    }
    store<f32>(args.tensorNorms + (<usize>t << 2), rootOf(sum, large, scale));
    total += sum;
    totalLarge += large;
    if (nonFinite > 0 && firstNonFinite == 0) firstNonFinite = t + 1;
  }
  row.gradNorm = rootOf(total, totalLarge, scale);
  row.nonFinite = <f32>firstNonFinite;
  row.penalty = args.penalized ? sumOf(args.partials + (<usize>lane << 3), lane) : 0;
  return 1 - clipped / <f32>args.elements;
}

/** The root of a sum of squares, of which `large` is the 2^-140th of the part that could overflow, divided by `scale`. */
function rootOf(sum: f32, large: f32, scale: f32): f32 {
  if (large > 0) return GROW * (sqrt<f32>(large + sum * SHRINK * SHRINK) / scale);
  return sqrt<f32>(sum) / scale;
}

/** Steers the update and the next step's loss scale. */
function steer(control: Control, row: MetricsRow): void {
  const clips = control.maxNorm < UNBOUNDED && row.gradNorm > control.maxNorm;
  row.clipFactor = clips ? control.maxNorm / (row.gradNorm + 1e-6) : 1;
  row.skipped = control.growthInterval > 0 && row.nonFinite > 0 ? 1 : 0;
  if (row.skipped) {
    control.factor = 0;
    control.lossScale = 0.5 * row.lossScale;
    control.streak = 0;
    return;
  }
  control.factor = max<f32>(row.clipFactor / row.lossScale, LEAST_FACTOR);
  control.updated++;
  control.streak++;
  if (control.growthInterval == 0 || control.streak < control.growthInterval) return;
  control.streak = 0;
  control.lossScale = 2 * row.lossScale;
}

/** The update that follows still belongs to this row; the next forward move to the next one. */
function advance(clock: Clock): void {
  clock.updateRow = clock.row;
  clock.row++;
}
