import type { Context } from "../Canvas.tsx";
import { classToken, color } from "../palette.ts";
import { theme } from "../theme.ts";

/** Shapes of classes: colour is never the only sign. */

type Trace = (context: Context, x: number, y: number, radius: number) => void;

const polygon =
  (corners: readonly (readonly [number, number])[]): Trace =>
  (context, x, y, radius) => {
    corners.forEach(([dx, dy], index) => {
      if (index === 0) context.moveTo(x + dx * radius, y + dy * radius);
      else context.lineTo(x + dx * radius, y + dy * radius);
    });
    context.closePath();
  };

const arm = 0.42;

/** Circle, square, triangle, diamond, cross: of about the same area. */
const shapes: readonly Trace[] = [
  (context, x, y, radius) => context.arc(x, y, radius, 0, 2 * Math.PI),
  polygon([
    [-0.9, -0.9],
    [0.9, -0.9],
    [0.9, 0.9],
    [-0.9, 0.9],
  ]),
  polygon([
    [0, -1.25],
    [1.15, 0.85],
    [-1.15, 0.85],
  ]),
  polygon([
    [0, -1.3],
    [1.3, 0],
    [0, 1.3],
    [-1.3, 0],
  ]),
  polygon([
    [-arm, -1.2],
    [arm, -1.2],
    [arm, -arm],
    [1.2, -arm],
    [1.2, arm],
    [arm, arm],
    [arm, 1.2],
    [-arm, 1.2],
    [-arm, arm],
    [-1.2, arm],
    [-1.2, -arm],
    [-arm, -arm],
  ]),
];

const nothing: Trace = () => undefined;

/** Starts a path with the shape of a class around (x, y); the caller fills or strokes it. */
export function drawMarker(context: Context, label: number, x: number, y: number, radius: number): void {
  context.beginPath();
  (shapes[label % shapes.length] ?? nothing)(context, x, y, radius);
}

/** A marker drawn once, to be copied for every point: hundreds of outlines per picture would cost tens of milliseconds. */
export interface Stamp {
  readonly picture: OffscreenCanvas;
  /** Width and height in CSS pixels. */
  readonly size: number;
}

const stamps = new Map<string, Stamp>();

/** The marker of a class: filled for training, hollow for validation. Tracked: it changes with the theme. */
export function markerStamp(label: number, radius: number, filled: boolean): Stamp {
  const key = [theme(), label, radius, filled, devicePixelRatio].join(" ");
  const known = stamps.get(key);
  if (known !== undefined) return known;
  const size = Math.ceil(2 * (1.3 * radius + 2));
  const picture = new OffscreenCanvas(Math.ceil(size * devicePixelRatio), Math.ceil(size * devicePixelRatio));
  const context = picture.getContext("2d");
  if (context !== null) {
    context.scale(devicePixelRatio, devicePixelRatio);
    drawStamp(context, { label, radius, filled, centre: size / 2 });
  }
  const stamp = { picture, size };
  stamps.set(key, stamp);
  return stamp;
}

function drawStamp(
  context: OffscreenCanvasRenderingContext2D,
  { label, radius, filled, centre }: { label: number; radius: number; filled: boolean; centre: number },
): void {
  drawMarker(context, label, centre, centre, filled ? radius : radius - 0.3);
  context.fillStyle = filled ? color(classToken(label)) : color("--paper");
  context.strokeStyle = filled ? color("--paper") : color(classToken(label));
  context.lineWidth = filled ? 1 : Math.min(1.6, radius / 2);
  context.stroke();
  context.fill();
  if (!filled) context.stroke();
}
