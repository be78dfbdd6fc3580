import { createMemo, createSignal, onCleanup } from "solid-js";
import type { Dataset, Examples } from "../../data/dataset.ts";
import type { ImageSize } from "../../data/images.ts";
import { defaultsOf, type Values } from "../../lib/hyperparameters.ts";
import { createRandom } from "../../lib/random.ts";
import { Canvas, type Surface } from "../Canvas.tsx";
import { drawImage } from "../images.ts";
import { classToken, color } from "../palette.ts";
import { drawMarker } from "../views/markers.ts";

/** A definition of the registry with its values' type left open. */
export type AnyDataset = Omit<Dataset, "sample"> & {
  sample(values: Values, random: ReturnType<typeof createRandom>): Examples;
};

const seed = 1;
const mostPoints = 110;
/** Of the images shown: later ones than the very first look less like a list. */
const firstImage = 12;
/** Two by two. */
const shownImages = 4;

/** The first few examples of the ones that a data set gives by default; of images no more than are shown. */
function fewOf(dataset: AnyDataset): Examples {
  const sample = (size: number) =>
    dataset.sample({ ...defaultsOf(dataset.hyperparameters), size }, createRandom(seed, "data"));
  const few = sample(firstImage + shownImages);
  return few.image === undefined ? sample(mostPoints) : few;
}

/** Examples as points: two inputs as a map, one input against its target. */
function pointsOf(examples: Examples | undefined) {
  if (examples === undefined || examples.image !== undefined) return [];
  const width = examples.featureNames.length;
  const count = examples.inputs.length / width;
  return Array.from({ length: count }, (_, row) => {
    const target = examples.targets[row] ?? 0;
    const x = examples.inputs[row * width] ?? 0;
    return examples.task === "classification"
      ? { x, y: examples.inputs[row * width + 1] ?? 0, label: target }
      : { x, y: target, label: 0 };
  });
}

function drawPoints(points: ReturnType<typeof pointsOf>, { context, width, height }: Surface): void {
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const place = (value: number, all: readonly number[], size: number) => {
    const low = Math.min(...all);
    const span = Math.max(...all) - low || 1;
    return 4 + ((value - low) / span) * (size - 8);
  };
  for (const { x, y, label } of points) {
    context.fillStyle = color(classToken(label));
    drawMarker(context, label, place(x, xs, width), height - place(y, ys, height), 1.2);
    context.fill();
  }
}

/** Two by two images, of different classes. */
function drawImages({ inputs }: Examples, size: ImageSize, surface: Surface): void {
  const [width, height] = [surface.width / 2, surface.height / 2];
  for (let cell = 0; cell < shownImages; cell++) {
    const box = { left: (cell % 2) * width, top: Math.floor(cell / 2) * height, width, height };
    drawImage(surface, { size, pixels: inputs, most: 1 }, firstImage + cell, box);
  }
}

/** The look of a data set, drawn from its own examples. */
export function Thumbnail(props: { readonly dataset: AnyDataset }) {
  const [examples, setExamples] = createSignal<Examples>();
  const points = createMemo(() => pointsOf(examples()));
  const draw = (surface: Surface) => {
    const few = examples();
    if (few?.image !== undefined) drawImages(few, few.image, surface);
    else drawPoints(points(), surface);
  };
  // The page is seen before its smallest pictures are
  const timer = setTimeout(() => setExamples(fewOf(props.dataset)));
  onCleanup(() => clearTimeout(timer));
  return <Canvas class="thumbnail" draw={draw} />;
}
