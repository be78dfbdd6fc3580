import { For } from "solid-js";
import { formatCount } from "../../lib/format.ts";
import type { LabelledPoints } from "../../session/protocol.ts";
import { Canvas, type Context, type Surface } from "../Canvas.tsx";
import { color } from "../palette.ts";
import { textScale } from "../theme.ts";
import { drawAxes, type Frame, frameOf } from "./axes.ts";
import { contour, type Field } from "./contours.ts";
import { ClassKey, SplitKey } from "./keys.tsx";
import { createLayer, sameValues } from "./layer.ts";
import { markerStamp } from "./markers.ts";
import { paintRegions } from "./regions.ts";
import { defineView, type ViewOf } from "./view.tsx";

type Boundary = ViewOf<"boundary">;

const classesOf = ({ size, probabilities }: Boundary): number =>
  Math.max(1, Math.round(probabilities.length / size ** 2));

/** How far class `label` is ahead of the best other class: 0 on its border. */
function lead({ size, probabilities }: Boundary, classes: number, label: number): Field {
  const values = Float64Array.from({ length: size * size }, (_, point) => {
    let other = Number.NEGATIVE_INFINITY;
    for (let index = 0; index < classes; index++) {
      if (index !== label) other = Math.max(other, probabilities[point * classes + index] as number);
    }
    return (probabilities[point * classes + label] as number) - other;
  });
  return (column, row) => values[row * size + column] as number;
}

function strokeContour(context: Context, view: Boundary, frame: Frame, field: Field, level: number): void {
  const last = view.size - 1;
  context.beginPath();
  for (const [x1, y1, x2, y2] of contour(field, view.size, level)) {
    context.moveTo(frame.left + (x1 / last) * frame.width, frame.top + (1 - y1 / last) * frame.height);
    context.lineTo(frame.left + (x2 / last) * frame.width, frame.top + (1 - y2 / last) * frame.height);
  }
  context.stroke();
}

/** One for all pictures: a new one per picture would fill the memory faster than it is given back. */
const stencil = new OffscreenCanvas(1, 1);

function drawRegions({ context }: Surface, view: Boundary, frame: Frame): void {
  const classes = classesOf(view);
  const picture = paintRegions({ size: view.size, classes, probabilities: view.probabilities });
  stencil.width = picture.width;
  stencil.height = picture.height;
  stencil.getContext("2d")?.putImageData(picture, 0, 0);
  context.imageSmoothingEnabled = true;
  context.drawImage(stencil, frame.left, frame.top, frame.width, frame.height);
}

/** Of a class's lead: the borders in ink, and hairlines where confidence has risen by a third. */
function drawBorders({ context }: Surface, view: Boundary, frame: Frame): void {
  const classes = classesOf(view);
  context.strokeStyle = color("--ink");
  // Pieces meet at an angle: square ends fill the wedge between them, and are quicker than round ones.
  context.lineCap = "square";
  for (let label = 0; label < (classes === 2 ? 1 : classes); label++) {
    const field = lead(view, classes, label);
    context.globalAlpha = 0.16;
    context.lineWidth = 0.75 * textScale();
    for (const level of [1 / 3, 2 / 3]) {
      strokeContour(context, view, frame, field, level);
      if (classes === 2) strokeContour(context, view, frame, field, -level);
    }
    context.globalAlpha = 0.9;
    context.lineWidth = 1.5 * textScale();
    strokeContour(context, view, frame, field, 0);
  }
  context.globalAlpha = 1;
}

/** Radius of a point in pixels: thousands of points get smaller ones. */
const radiusOf = (points: number): number => Math.min(4, Math.max(1.5, 70 / Math.sqrt(points)));

function drawPoints({ context }: Surface, points: LabelledPoints, frame: Frame, radius: number, filled: boolean): void {
  for (let index = 0; index < points.x.length; index++) {
    const stamp = markerStamp(points.label[index] ?? 0, radius, filled);
    const x = frame.toX(points.x[index] ?? 0) - stamp.size / 2;
    const y = frame.toY(points.y[index] ?? 0) - stamp.size / 2;
    context.drawImage(stamp.picture, onPixel(x), onPixel(y), stamp.size, stamp.size);
  }
}

/** The nearest place where a stamp's pixels fall on the screen's, so that it stays sharp. */
const onPixel = (place: number): number => Math.round(place * devicePixelRatio) / devicePixelRatio;

/** What is the same in all pictures of a run: the points and the axes. */
function drawStill(surface: Surface, view: Boundary, frame: Frame): void {
  const { context } = surface;
  context.save();
  context.beginPath();
  context.rect(frame.left, frame.top, frame.width, frame.height);
  context.clip();
  const radius =
    (radiusOf(view.train.x.length + view.validation.x.length) * Math.min(560 * textScale(), frame.width)) / 460;
  drawPoints(surface, view.train, frame, radius, true);
  drawPoints(surface, view.validation, frame, radius, false);
  context.restore();
  drawAxes(surface, frame, view.domain, view.domain);
}

const still = createLayer(drawStill, (a, b) =>
  [
    [a.domain, b.domain],
    ...(["train", "validation"] as const).flatMap((split) =>
      (["x", "y", "label"] as const).map((name) => [a[split][name], b[split][name]] as const),
    ),
  ].every(([before, now]) => sameValues(before, now)),
);

function draw(surface: Surface, view: Boundary): void {
  const frame = frameOf(surface, view.domain, view.domain);
  const { context } = surface;
  context.save();
  context.beginPath();
  context.rect(frame.left, frame.top, frame.width, frame.height);
  context.clip();
  drawRegions(surface, view, frame);
  drawBorders(surface, view, frame);
  context.restore();
  still(surface, view, frame);
}

/** Two inputs, several classes: which class the model sees where. */
export const boundary = defineView("boundary", {
  label: "Decision boundary",
  describe: (view) =>
    `Regions of ${classesOf(view)} classes over two inputs at step ${formatCount(view.step)}, with ${view.train.x.length} training and ${view.validation.x.length} validation points.`,
  Body: (props) => <Canvas class="square" draw={(surface) => draw(surface, props.view)} />,
  Legend: (props) => (
    <div class="legend">
      <div>
        <For each={props.summary?.targetNames.slice(0, classesOf(props.view))}>
          {(name, index) => <ClassKey label={index()} name={name} />}
        </For>
      </div>
      <div>
        <SplitKey filled name="Training" />
        <SplitKey filled={false} name="Validation" />
      </div>
    </div>
  ),
});
