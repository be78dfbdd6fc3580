import type { ImageSize } from "../data/images.ts";
import type { Surface } from "./Canvas.tsx";
import { mix, packed, type Rgb, rgb } from "./palette.ts";

/** Grey images, one after the other. */
export interface Images {
  readonly size: ImageSize;
  /** (N, height, width), from 0 (paper) to `most` (ink). */
  readonly pixels: ArrayLike<number>;
  readonly most: number;
}

/** A part of a canvas, in CSS pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const shades = 256;

/** One for all images: a new one for each would fill the memory faster than it is given back. */
const stencil = new OffscreenCanvas(1, 1);

let tones = { name: "", colors: new Int32Array(shades) };

/** The colour of each shade in the theme on screen, as the number whose bytes, in memory, are red, green, blue and 255. */
function tonesOf(ink: Rgb, paper: Rgb): Int32Array {
  const name = [...ink, ...paper].join(" ");
  if (tones.name === name) return tones.colors;
  const colors = Int32Array.from({ length: shades }, (_, shade) => packed(mix(ink, paper, shade / (shades - 1))));
  tones = { name, colors };
  return colors;
}

/** Draws image number `first` and those after it, each as large as fits its box, as ink on the paper of the theme. */
export function drawImages(surface: Surface, images: Images, first: number, boxes: readonly Box[]): void {
  const { context } = surface;
  const { width, height } = images.size;
  if (boxes.length === 0) return;
  paintColumn(images, first, boxes.length);
  context.imageSmoothingEnabled = false;
  boxes.forEach((box, index) => {
    const scale = Math.min(box.width / width, box.height / height);
    const [shownWidth, shownHeight] = [width * scale, height * scale];
    const left = box.left + (box.width - shownWidth) / 2;
    const top = box.top + (box.height - shownHeight) / 2;
    context.drawImage(stencil, 0, index * height, width, height, left, top, shownWidth, shownHeight);
  });
}

/** Puts `count` images onto the stencil, one below the other, pixel by pixel. */
function paintColumn({ size: { width, height }, pixels, most }: Images, first: number, count: number): void {
  const colors = tonesOf(rgb("--ink"), rgb("--paper"));
  const image = new ImageData(width, count * height);
  const shown = new Int32Array(image.data.buffer);
  const start = first * width * height;
  for (let pixel = 0; pixel < shown.length; pixel++) {
    shown[pixel] = colors[Math.round(((pixels[start + pixel] ?? 0) / most) * (shades - 1))] ?? 0;
  }
  if (stencil.width !== width) stencil.width = width;
  if (stencil.height !== count * height) stencil.height = count * height;
  stencil.getContext("2d")?.putImageData(image, 0, 0);
}

/** Draws one image into one box. */
export const drawImage = (surface: Surface, images: Images, index: number, box: Box): void =>
  drawImages(surface, images, index, [box]);
