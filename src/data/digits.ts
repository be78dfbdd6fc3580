import type { Random } from "../lib/random.ts";
import { defineDataset } from "./dataset.ts";
import { Pen } from "./digitPen.ts";
import { digitStyles } from "./digitStrokes.ts";
import { type ImageSize, pixelNames } from "./images.ts";
import { noiseParameter, sizeParameter } from "./parameters.ts";

const image: ImageSize = { width: 28, height: 28 };
const PIXELS = image.width * image.height;
/** Numbers of a table of noise; a power of two. */
const TABLE = 2 ** 14;

/**
 * Normal noise by the million: a table of it, read from a random place with a random odd stride for each image. Drawing
 * each pixel's own number would take longer than all the writing.
 */
function createNoise(random: Random): (out: Float32Array, start: number, amount: number) => void {
  const table = Float32Array.from({ length: TABLE }, () => random.normal());
  return (out, start, amount) => {
    const word = random.uint32();
    const stride = 2 * (word >>> 16) + 1;
    let at = word;
    for (let pixel = start; pixel < start + PIXELS; pixel++) {
      at = (at + stride) & (TABLE - 1);
      const value = (out[pixel] as number) + amount * (table[at] as number);
      out[pixel] = Math.min(1, Math.max(0, value));
    }
  };
}

/** Handwritten digits as a pen would write them, for want of a data set that may be shipped: a stand-in for MNIST. */
export const digits = defineDataset({
  label: "Digits",
  description: "Grey images of 28 × 28 pixels, handwritten by a program. Worth a wide network, and a GPU.",
  task: "classification",
  hyperparameters: {
    size: { ...sizeParameter(12_000), max: 60_000, slider: [200, 20_000] },
    noise: { ...noiseParameter(0.1), help: "Standard deviation of the pixels' noise. Ink is 1, paper is 0." },
    distortion: {
      kind: "number",
      label: "Distortion",
      default: 1,
      min: 0,
      max: 2,
      scale: "linear",
      help: "How much digits differ in slant, angle, scale, place and bends. At 0 only style and pen differ.",
    },
  },
  classes: () => digitStyles.length,
  sample: ({ size, noise, distortion }, random) => {
    const inputs = new Float32Array(size * PIXELS);
    const targets = new Float32Array(size);
    const addNoise = createNoise(random);
    const pen = new Pen(image);
    for (let i = 0; i < size; i++) {
      const label = i % digitStyles.length;
      const styles = digitStyles[label] ?? [];
      const style = styles[random.integer(styles.length)] ?? [];
      pen.write(style, distortion, random, inputs, i * PIXELS);
      addNoise(inputs, i * PIXELS, noise);
      targets[i] = label;
    }
    const targetNames = digitStyles.map((_, label) => String(label));
    return { task: "classification", inputs, targets, featureNames: pixelNames(image), targetNames, image };
  },
});
