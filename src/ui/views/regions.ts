import { mix, packed, regionColor, rgb } from "../palette.ts";

/** Class probabilities on a square grid: (size, size, C), row by row from the lowest y. */
export interface ProbabilityGrid {
  readonly size: number;
  readonly classes: number;
  readonly probabilities: Float32Array;
}

/** Flat steps of a two-class map, `--div-0` to `--div-12`. */
const divergingSteps = 13;
/** Flat steps of confidence where there are more classes. */
const confidenceSteps = 6;
/** Pixels of the region's picture along one side; it is scaled up smoothly. */
const resolution = 160;

/** The two grid points around each pixel along one axis, and how far it is from the lower to the upper. */
function neighbours(size: number) {
  const place = (pixel: number) => (pixel * (size - 1)) / (resolution - 1);
  const below = Uint16Array.from({ length: resolution }, (_, pixel) => Math.min(size - 1, Math.floor(place(pixel))));
  const above = below.map((index) => Math.min(size - 1, index + 1));
  const share = Float64Array.from({ length: resolution }, (_, pixel) => place(pixel) - (below[pixel] ?? 0));
  return { below, above, share };
}

/** Rows of colours in the theme on screen: one row for two classes, else one for each class. */
function colorTable(classes: number): Int32Array {
  if (classes === 2) return Int32Array.from({ length: divergingSteps }, (_, index) => packed(rgb(`--div-${index}`)));
  const paper = rgb("--paper");
  const width = confidenceSteps + 1;
  return Int32Array.from({ length: classes * width }, (_, place) =>
    packed(mix(regionColor(Math.floor(place / width)), paper, (place % width) / confidenceSteps)),
  );
}

/** Where a mixture of probabilities stands in the table of colours. */
function placeInTable(p: Float64Array, classes: number): number {
  if (classes === 2) return Math.min(divergingSteps - 1, Math.floor((p[1] as number) * divergingSteps));
  let best = 0;
  for (let index = 1; index < classes; index++) if ((p[index] as number) > (p[best] as number)) best = index;
  const confidence = ((p[best] as number) - 1 / classes) / (1 - 1 / classes);
  return best * (confidenceSteps + 1) + Math.round(confidence * confidenceSteps);
}

/** One for all pictures: a new one per picture would fill the memory faster than it is given back. */
const image = new ImageData(resolution, resolution);
const pixels = new Int32Array(image.data.buffer);

/**
 * The regions of a map as a small picture, bilinear between grid points; the top row is the highest y. The picture is
 * valid until the next call.
 */
export function paintRegions({ size, classes, probabilities }: ProbabilityGrid): ImageData {
  const colors = colorTable(classes);
  const { below, above, share } = neighbours(size);
  const stride = size * classes;
  const row = new Float64Array(stride);
  const p = new Float64Array(classes);
  for (let line = 0; line < resolution; line++) {
    const y = resolution - 1 - line;
    const [low, high, up] = [(below[y] as number) * stride, (above[y] as number) * stride, share[y] as number];
    for (let at = 0; at < stride; at++) {
      const value = probabilities[low + at] as number;
      row[at] = value + ((probabilities[high + at] as number) - value) * up;
    }
    for (let x = 0; x < resolution; x++) {
      const [left, right, across] = [
        (below[x] as number) * classes,
        (above[x] as number) * classes,
        share[x] as number,
      ];
      for (let index = 0; index < classes; index++) {
        const value = row[left + index] as number;
        p[index] = value + ((row[right + index] as number) - value) * across;
      }
      pixels[line * resolution + x] = colors[placeInTable(p, classes)] ?? 0;
    }
  }
  return image;
}
