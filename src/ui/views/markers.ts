/** Shapes of classes: colour is never the only sign. */

type Trace = (context: CanvasRenderingContext2D, x: number, y: number, radius: number) => void;

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
export function drawMarker(
  context: CanvasRenderingContext2D,
  label: number,
  x: number,
  y: number,
  radius: number,
): void {
  context.beginPath();
  (shapes[label % shapes.length] ?? nothing)(context, x, y, radius);
}
