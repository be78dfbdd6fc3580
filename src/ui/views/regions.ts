import { mix, type Rgb, regionColor, rgb } from "../palette.ts";

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
const resolution = 200;

/** The two grid points around each pixel along one axis, and how far it is from the lower to the upper. */
function neighbours(size: number) {
  const place = (pixel: number) => (pixel * (size - 1)) / (resolution - 1);
  const below = Uint16Array.from({ length: resolution }, (_, pixel) => Math.min(size - 1, Math.floor(place(pixel))));
  const above = below.map((index) => Math.min(size - 1, index + 1));
  const share = Float64Array.from({ length: resolution }, (_, pixel) => place(pixel) - (below[pixel] ?? 0));
  return { below, above, share };
}

/** Colour of a mixture of probabilities, from the tables of the theme on screen. */
function shader(classes: number): (probabilities: Float64Array) => Rgb {
  const paper = rgb("--paper");
  if (classes === 2) {
    const diverging = Array.from({ length: divergingSteps }, (_, index) => rgb(`--div-${index}`));
    return (p) => diverging[Math.min(divergingSteps - 1, Math.floor((p[1] ?? 0) * divergingSteps))] ?? paper;
  }
  const table = Array.from({ length: classes }, (_, label) =>
    Array.from({ length: confidenceSteps + 1 }, (_, step) => mix(regionColor(label), paper, step / confidenceSteps)),
  );
  return (p) => {
    let best = 0;
    for (let index = 1; index < classes; index++) if ((p[index] ?? 0) > (p[best] ?? 0)) best = index;
    const confidence = ((p[best] ?? 0) - 1 / classes) / (1 - 1 / classes);
    return table[best]?.[Math.round(confidence * confidenceSteps)] ?? paper;
  };
}

/** The regions of a map as a small picture, bilinear between grid points; the top row is the highest y. */
export function paintRegions({ size, classes, probabilities }: ProbabilityGrid): ImageData {
  const image = new ImageData(resolution, resolution);
  const shade = shader(classes);
  const { below, above, share } = neighbours(size);
  const p = new Float64Array(classes);
  for (let pixel = 0; pixel < resolution * resolution; pixel++) {
    const x = pixel % resolution;
    const y = resolution - 1 - (pixel - x) / resolution;
    const low = (below[y] ?? 0) * size;
    const high = (above[y] ?? 0) * size;
    const left = below[x] ?? 0;
    const right = above[x] ?? 0;
    const across = share[x] ?? 0;
    const up = share[y] ?? 0;
    for (let index = 0; index < classes; index++) {
      const a = probabilities[(low + left) * classes + index] ?? 0;
      const b = probabilities[(low + right) * classes + index] ?? 0;
      const c = probabilities[(high + left) * classes + index] ?? 0;
      const d = probabilities[(high + right) * classes + index] ?? 0;
      const lower = a + (b - a) * across;
      p[index] = lower + (c + (d - c) * across - lower) * up;
    }
    const shown = shade(p);
    for (let channel = 0; channel < 3; channel++) image.data[4 * pixel + channel] = shown[channel] ?? 0;
    image.data[4 * pixel + 3] = 255;
  }
  return image;
}
