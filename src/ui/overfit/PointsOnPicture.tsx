import { Dynamic } from "solid-js/web";
import { formatMeasure } from "../../lib/format.ts";
import type { ShownExamples } from "../../session/examination.ts";
import type { TaskView } from "../../session/protocol.ts";
import { Canvas, type Surface } from "../Canvas.tsx";
import type { Box } from "../images.ts";
import { color } from "../palette.ts";
import { usePlayground } from "../playground.ts";
import { textScale } from "../theme.ts";
import { type Frame, frameOf } from "../views/axes.ts";
import { viewOf } from "../views/views.ts";

/** So many of the first have their loss written beside them. */
const named = 5;
const radius = 8;
/** Of the losses' text where it has its usual size, in CSS pixels. */
const textSize = 11;

/** The frame that the picture itself is drawn in, where it shows a plane. */
function frameFor(surface: Surface, view: TaskView): Frame | undefined {
  if (!("domain" in view)) return undefined;
  return frameOf(surface, view.domain, "range" in view ? view.range : view.domain);
}

/** A ring around each example, and the loss of the first ones. */
function drawRings(surface: Surface, view: TaskView, { points, loss }: ShownExamples): void {
  const frame = frameFor(surface, view);
  if (frame === undefined || points === undefined) return;
  const { context } = surface;
  context.beginPath();
  context.rect(frame.left, frame.top, frame.width, frame.height);
  context.clip();
  context.font = `600 ${textSize * textScale()}px ${getComputedStyle(document.body).fontFamily}`;
  context.textBaseline = "middle";
  context.textAlign = "left";
  const places = Array.from(points.x, (x, index) => ({ x: frame.toX(x), y: frame.toY(points.y[index] ?? 0) }));
  // Backwards, so that the first ones lie on top.
  for (const { x, y } of places.toReversed()) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.lineWidth = 4;
    context.strokeStyle = color("--paper");
    context.stroke();
    context.lineWidth = 2;
    context.strokeStyle = color("--ink");
    context.stroke();
  }
  const taken: Box[] = places.map(({ x, y }) => ({ left: x - 4, top: y - 4, width: 8, height: 8 }));
  for (const [index, at] of places.slice(0, named).entries()) {
    const box = writeLoss(surface, frame, { text: formatMeasure(loss[index]), at, taken });
    if (box !== undefined) taken.push(box);
  }
}

interface Label {
  readonly text: string;
  /** The ring's centre. */
  readonly at: { readonly x: number; readonly y: number };
  /** What it must not cover. */
  readonly taken: readonly Box[];
}

const overlap = (a: Box, b: Box): boolean =>
  a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + b.height && b.top < a.top + a.height;

/** Writes a loss beside its ring, on the first side that has room; where none has, it is not written. */
function writeLoss({ context }: Surface, frame: Frame, { text, at, taken }: Label): Box | undefined {
  const { width } = context.measureText(text);
  const lineHeight = 1.2 * textSize * textScale();
  const away = radius + 5;
  const lefts = [at.x + away, at.x - away - width];
  const beside = lefts.map((left) => ({ left, top: at.y - lineHeight / 2 }));
  const above = [at.y - away - lineHeight, at.y + away].map((top) => ({ left: at.x - width / 2, top }));
  const box = [...beside, ...above]
    .map((corner) => ({ ...corner, width, height: lineHeight }))
    .find(
      (each) =>
        each.left >= frame.left &&
        each.left + width <= frame.left + frame.width &&
        each.top >= frame.top &&
        each.top + lineHeight <= frame.top + frame.height &&
        !taken.some((other) => overlap(each, other)),
    );
  if (box === undefined) return undefined;
  context.lineWidth = 3;
  context.lineJoin = "round";
  context.strokeStyle = color("--paper");
  context.strokeText(text, box.left, box.top + lineHeight / 2);
  context.fillStyle = color("--ink");
  context.fillText(text, box.left, box.top + lineHeight / 2);
  return box;
}

export interface PointsProps {
  readonly view: TaskView;
  readonly shown: ShownExamples;
  readonly label: string;
}

/** The picture of the task, with rings around some training examples. */
export function PointsOnPicture(props: PointsProps) {
  const { trainer } = usePlayground();
  return (
    <figure class="map ringed" aria-label={props.label}>
      <Dynamic component={viewOf(props.view).Body} view={props.view} summary={trainer.summary()} />
      <Canvas class="square rings" draw={(surface) => drawRings(surface, props.view, props.shown)} />
    </figure>
  );
}
