// What every loss is linked with, after common/clock.wgsl and common/control.wgsl: the signature of loss kernels.

override B: u32; // rows of the batch
override O: u32; // outputs
override workgroupX: u32 = 64u;
override outputsStride: u32 = 0u;
override targetsStride: u32 = 0u;
override rowLossStride: u32 = 0u;
override rowHitStride: u32 = 0u;
override controlStride: u32 = 0u;
override settingsStride: u32 = 0u;

@group(0) @binding(0) var<storage, read_write> outputs: array<Stored>;  // (B, O) the model's outputs, then their gradient
@group(0) @binding(1) var<storage, read> targets: array<f32>;           // (B) class numbers, or (B, O)
@group(0) @binding(2) var<storage, read_write> rowLoss: array<f32>;     // (M B)
@group(0) @binding(3) var<storage, read_write> rowHit: array<f32>;      // (M B) 1 where the prediction is right
@group(0) @binding(4) var<storage, read> clock: array<u32>;             // (2) see common/clock.wgsl
@group(0) @binding(5) var<storage, read> batches: array<u32>;           // (K M, 5)
@group(0) @binding(6) var<storage, read> control: array<f32>;           // (4) see common/control.wgsl
@group(0) @binding(7) var<storage, read> settings: array<f32>;          // the loss's own numbers, see src/engine/losses

fn setting(r: u32, index: u32) -> f32 { return settings[r * settingsStride + index]; }

// The factor of every gradient: the mean over the examples of all M batches of the step, times the loss scale.
fn gradientScale(r: u32) -> f32 {
  // A loss without numbers of its own is bound like the others
  _ = setting(r, 0u);
  return control[r * controlStride + LOSS_SCALE] / f32(stepCount(r));
}

// The sign of an error, 0 where there is none; a NaN stays one.
fn signOf(x: f32) -> f32 { return select(select(x, -1.0, x < 0.0), 1.0, x > 0.0); }

// Stores the loss of example b, and whether its prediction is right.
fn storeRow(r: u32, b: u32, loss: f32, hit: f32) {
  rowLoss[r * rowLossStride + micro * B + b] = loss;
  rowHit[r * rowHitStride + micro * B + b] = hit;
}

// Rows from `count` on are padding of a short last batch: their loss and gradient are 0.
fn clearRow(r: u32, b: u32) {
  for (var o = 0u; o < O; o++) { outputs[r * outputsStride + b * O + o] = toStored(0.0); }
  storeRow(r, b, 0.0, 0.0);
}
