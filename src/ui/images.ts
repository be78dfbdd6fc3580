import type { ImageSize } from "../data/images.ts";
import type { Surface } from "./Canvas.tsx";
import { mix, rgb } from "./palette.ts";

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

/** Draws image number `index` as large as fits the box, pixel by pixel, as ink on the paper of the theme on screen. */
export function drawImage({ context }: Surface, { size, pixels, most }: Images, index: number, box: Box): void {
  const { width, height } = size;
  const [ink, paper] = [rgb("--ink"), rgb("--paper")];
  const tones = Array.from({ length: shades }, (_, shade) => mix(ink, paper, shade / (shades - 1)));
  const image = new ImageData(width, height);
  const start = index * width * height;
  for (let pixel = 0; pixel < width * height; pixel++) {
    const [red, green, blue] = tones[Math.round(((pixels[start + pixel] ?? 0) / most) * (shades - 1))] ?? paper;
    image.data.set([red, green, blue, 255], 4 * pixel);
  }
  const stencil = new OffscreenCanvas(width, height);
  stencil.getContext("2d")?.putImageData(image, 0, 0);
  const scale = Math.min(box.width / width, box.height / height);
  const [shownWidth, shownHeight] = [width * scale, height * scale];
  context.imageSmoothingEnabled = false;
  context.drawImage(
    stencil,
    box.left + (box.width - shownWidth) / 2,
    box.top + (box.height - shownHeight) / 2,
    shownWidth,
    shownHeight,
  );
}
