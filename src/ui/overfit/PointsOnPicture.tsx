import { Dynamic } from "solid-js/web";
import { formatMeasure } from "../../lib/format.ts";
import type { ShownExamples } from "../../session/examination.ts";
import type { TaskView } from "../../session/protocol.ts";
import { Canvas, type Surface } from "../Canvas.tsx";
import { color } from "../palette.ts";
import { usePlayground } from "../playground.ts";
import { type Frame, frameOf } from "../views/axes.ts";
import { viewOf } from "../views/views.ts";

/** So many of the first have their loss written beside them. */
const named = 5;
const radius = 8;

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
  context.font = `600 11px ${getComputedStyle(document.body).fontFamily}`;
  context.textBaseline = "middle";
  // Backwards, so that the first ones lie on top.
  for (let index = points.x.length - 1; index >= 0; index--) {
    const x = frame.toX(points.x[index] ?? 0);
    const y = frame.toY(points.y[index] ?? 0);
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.lineWidth = 4;
    context.strokeStyle = color("--paper");
    context.stroke();
    context.lineWidth = 2;
    context.strokeStyle = color("--ink");
    context.stroke();
    if (index < named) writeLoss(surface, frame, formatMeasure(loss[index]), { x, y });
  }
}

/** Beside the ring, on the side that has room. */
function writeLoss({ context }: Surface, frame: Frame, text: string, { x, y }: { x: number; y: number }): void {
  const isRight = x < frame.left + frame.width - 60;
  context.textAlign = isRight ? "left" : "right";
  const at = x + (isRight ? 1 : -1) * (radius + 5);
  context.lineWidth = 3;
  context.lineJoin = "round";
  context.strokeStyle = color("--paper");
  context.strokeText(text, at, y);
  context.fillStyle = color("--ink");
  context.fillText(text, at, y);
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
