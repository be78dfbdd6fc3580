import type { GradientRanges } from "./ranges.ts";

/** Bins of a histogram: half for each sign, two octaves each. */
export const HISTOGRAM_BINS = 32;
const BINS_PER_SIGN = HISTOGRAM_BINS / 2;
const OCTAVES = 2;
/** Exponent of the smallest magnitude that has a bin to itself. */
const LEAST_EXPONENT = -26;
/** A unit whose slope is below this on every example learns ten thousand times slower than it should, if at all. */
const DEAD_SLOPE = 1e-4;

/**
 * Counts by sign and size. Bin 16 + k counts numbers from 2^(-26 + 2k) to 2^(-24 + 2k), and bin 15 - k their negatives;
 * the first of each sign takes all smaller ones too, the last all larger ones. Zeros are in bin 16.
 */
export interface Histogram {
  readonly counts: Uint32Array;
  /** Numbers that are not finite, which no bin counts. */
  readonly nonFinite: number;
}

/** What is known of a parameter tensor. */
export interface TensorMeasurements {
  /** Its name in PyTorch's `state_dict`. */
  readonly name: string;
  /** L2 norms: of the last step's gradient before clipping, and of the weights. */
  readonly gradNorm: number;
  readonly weightNorm: number;
  /** L2 norm of the last update / that of the weights before it; only after `remember` and one step. */
  readonly updateRatio?: number;
  readonly weights: Histogram;
  readonly gradients: Histogram;
}

/** What is known of a hidden layer, on 32 to 256 examples from the last batch on, without noise and dropout. */
export interface LayerMeasurements {
  /** Fraction of units whose activation is flat, |slope| < 1e-4, on all of the examples: a dead ReLU, a saturated tanh. */
  readonly deadUnits: number;
  readonly activations: Histogram;
}

/**
 * Gradient noise from two gradients of B examples each (McCandlish et al. 2018, https://arxiv.org/abs/1812.06162,
 * appendix A.1). Single estimates scatter, even below 0: average `noise` and `signal` before dividing.
 */
export interface GradientNoise {
  /** Trace of the covariance of one example's gradient. */
  readonly noise: number;
  /** Squared norm of the gradient's mean. */
  readonly signal: number;
  /** noise / signal: the batch size up to which larger batches pay. */
  readonly scale: number;
}

export interface Measurements {
  /** The step that they belong to, counted from 1; 0 before the first. */
  readonly step: number;
  readonly tensors: readonly TensorMeasurements[];
  readonly layers: readonly LayerMeasurements[];
  /** Only after `remember` and one step. */
  readonly gradientNoise?: GradientNoise;
  /** What half precision does to the gradients; not there in float32. */
  readonly ranges?: GradientRanges;
}

/** Values of the parameter tensors by name. */
export type TensorMap = ReadonlyMap<string, Float32Array>;

/** The exponent of each bin's smallest magnitude: the first 16 are those of the negative numbers. */
export const histogramExponents: readonly number[] = Array.from({ length: HISTOGRAM_BINS }, (_, bin) => {
  const k = bin < BINS_PER_SIGN ? BINS_PER_SIGN - 1 - bin : bin - BINS_PER_SIGN;
  return LEAST_EXPONENT + OCTAVES * k;
});

export function histogramOf(values: Float32Array): Histogram {
  const counts = new Uint32Array(HISTOGRAM_BINS);
  let nonFinite = 0;
  for (const value of values) {
    const bin = binOf(value);
    if (Number.isFinite(value)) counts[bin] = (counts[bin] ?? 0) + 1;
    else nonFinite++;
  }
  return { counts, nonFinite };
}

function binOf(value: number): number {
  const octaves = Math.floor(Math.log2(Math.abs(value))) - LEAST_EXPONENT;
  const k = Math.max(0, Math.min(BINS_PER_SIGN - 1, Math.floor(octaves / OCTAVES)));
  return value < 0 ? BINS_PER_SIGN - 1 - k : BINS_PER_SIGN + k;
}

const squaredNorm = (values: Float32Array): number => values.reduce((sum, x) => sum + x * x, 0);

/** Weights and gradients of one moment; gradients without the loss scale. */
export interface Moment {
  readonly weights: TensorMap;
  readonly gradients: TensorMap;
}

/** What the tensors' values say. `before` are those of one step earlier. */
export function tensorMeasurements({ weights, gradients }: Moment, before?: Moment): readonly TensorMeasurements[] {
  return [...weights].map(([name, values]) => {
    const gradient = gradients.get(name) ?? new Float32Array();
    const old = before?.weights.get(name);
    const update = old && Math.sqrt(squaredNorm(values.map((value, index) => value - (old[index] ?? 0))));
    return {
      name,
      gradNorm: Math.sqrt(squaredNorm(gradient)),
      weightNorm: Math.sqrt(squaredNorm(values)),
      ...(old && update !== undefined ? { updateRatio: update / Math.sqrt(squaredNorm(old)) } : {}),
      weights: histogramOf(values),
      gradients: histogramOf(gradient),
    };
  });
}

/** Noise from the gradients of two steps that follow each other, of `examples` examples each. */
export function gradientNoise(first: TensorMap, second: TensorMap, examples: number): GradientNoise {
  let [small, large] = [0, 0];
  for (const [name, a] of first) {
    const b = second.get(name) ?? new Float32Array();
    small += (squaredNorm(a) + squaredNorm(b)) / 2;
    large += squaredNorm(a.map((value, index) => (value + (b[index] ?? 0)) / 2));
  }
  const noise = (small - large) / (1 / examples - 1 / (2 * examples));
  const signal = 2 * large - small;
  return { noise, signal, scale: noise / signal };
}

/** What a hidden layer's outputs and slopes (B, O) say, of which the first `rows` rows are examples. */
export function layerMeasurements(
  { outputs, slopes }: { readonly outputs: Float32Array; readonly slopes: Float32Array },
  { rows, width }: { readonly rows: number; readonly width: number },
): LayerMeasurements {
  const alive = new Set<number>();
  for (let at = 0; at < rows * width; at++) if (!(Math.abs(slopes[at] ?? 0) < DEAD_SLOPE)) alive.add(at % width);
  return { deadUnits: 1 - alive.size / width, activations: histogramOf(outputs.subarray(0, rows * width)) };
}
