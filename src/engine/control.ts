/**
 * The tensor `control` (12) of each replica; see `shaders/common/control.wgsl`. The host sets the first eight numbers
 * whenever they change, and all of them before the first step.
 */
export const CONTROL_SIZE = 12;

/** What the host sets. Numbers that are off have the value of `uncontrolled`. */
export interface Controls {
  readonly maxNorm: number;
  readonly limit: number;
  readonly growthInterval: number;
  readonly l1: number;
  readonly l2: number;
  readonly inputNoise: number;
  readonly dropout: number;
}

/** No clipping, no loss scaling, no penalties, no noise. */
export const uncontrolled: Controls = {
  maxNorm: 3e38,
  limit: 3e38,
  growthInterval: 0,
  l1: 0,
  l2: 0,
  inputNoise: 0,
  dropout: 0,
};

/** The first eight numbers, which can change between submissions. */
export const controlRow = (controls: Controls): Float32Array => {
  const { maxNorm, limit, growthInterval, l1, l2, inputNoise, dropout } = controls;
  return Float32Array.of(maxNorm, limit, growthInterval, l1, l2, inputNoise, dropout, 0);
};

/** All numbers, as they are before the first step: the given loss scale, a factor of 1, no streak, no update. */
export const initialControl = (controls: Controls, lossScale = 1): Float32Array =>
  Float32Array.of(...controlRow(controls), lossScale, 1, 0, 0);
