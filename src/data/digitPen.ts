import type { Random } from "../lib/random.ts";
import type { Stroke, Style } from "./digitStrokes.ts";
import type { ImageSize } from "./images.ts";

/** Straight pieces that a curve has between two control points. */
const PIECES = 4;
/** Pixels of a digit's box without distortion. */
const BOX_HEIGHT = 18;
const BOX_WIDTH = 12;
/** Half the width of the pen, in pixels: from, and by how much more. */
const [THINNEST, THICKER] = [0.8, 1];
/** Standard deviations at distortion 1: of the slant and the angle in radians, of the logarithm of the scale. */
const SLANT = 0.35;
const ANGLE = 0.14;
const SCALE = 0.13;
/** Largest shift at distortion 1, in pixels to each side. */
const SHIFT = 1.7;
/** At distortion 1, in units of the box: standard deviation of control points, and height of the elastic waves. */
const JITTER = 0.025;
const BEND = 0.075;

/** From the unit box to pixels: a wave through the box, then an affine map. */
interface Hand {
  readonly xx: number;
  readonly xy: number;
  readonly yx: number;
  readonly yy: number;
  readonly x: number;
  readonly y: number;
  readonly bend: number;
  /** Of the wave that moves x along y, and of the one that moves y along x: waves per box, and phase. */
  readonly waves: readonly [number, number, number, number];
  /** Half the width of the pen, in pixels. */
  readonly radius: number;
}

/** Draws how one digit is written; always takes equally many random numbers. */
function drawHand({ width, height }: ImageSize, distortion: number, random: Random): Hand {
  const slant = SLANT * distortion * random.normal();
  const angle = ANGLE * distortion * random.normal();
  const scaleX = BOX_WIDTH * Math.exp(SCALE * distortion * random.normal());
  const scaleY = BOX_HEIGHT * Math.exp(SCALE * distortion * random.normal());
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  // A shear along x, then a rotation.
  const shear = -slant * scaleY;
  return {
    xx: cosine * scaleX,
    xy: cosine * shear - sine * scaleY,
    yx: sine * scaleX,
    yy: sine * shear + cosine * scaleY,
    x: width / 2 + SHIFT * distortion * (2 * random.uniform() - 1),
    y: height / 2 + SHIFT * distortion * (2 * random.uniform() - 1),
    bend: BEND * distortion,
    waves: [0.4 + random.uniform(), random.uniform(), 0.4 + random.uniform(), random.uniform()],
    radius: THINNEST + THICKER * random.uniform(),
  };
}

/** Where a point of the Catmull-Rom spline between p1 and p2 lies, t in 0 to 1 ("A class of local interpolating
 * splines", 1974). */
function spline(p0: number, p1: number, p2: number, p3: number, t: number): number {
  const a = 2 * p1;
  const b = p2 - p0;
  const c = 2 * p0 - 5 * p1 + 4 * p2 - p3;
  const d = 3 * (p1 - p2) + p3 - p0;
  return 0.5 * (a + t * (b + t * (c + t * d)));
}

/** Renders digits into one buffer, again and again, without allocating per pixel. */
export class Pen {
  readonly #size: ImageSize;
  /** Squared distance of each pixel from the nearest stroke, as far as that is within the pen's reach. */
  readonly #distances: Float32Array;
  readonly #points = new Float64Array(64);

  constructor(size: ImageSize) {
    this.#size = size;
    this.#distances = new Float32Array(size.width * size.height);
  }

  /**
   * Writes a digit. How many random numbers it takes depends on the style alone.
   *
   * @param distortion factor of everything in which two digits of one style differ, but for the width of the pen.
   * @param out (height * width) from `start`, zeros before: ink from 0 to 1.
   */
  write(style: Style, distortion: number, random: Random, out: Float32Array, start: number): void {
    const hand = drawHand(this.#size, distortion, random);
    this.#distances.fill(Number.POSITIVE_INFINITY);
    for (const stroke of style) this.#stroke(stroke, hand, JITTER * distortion, random);
    const distances = this.#distances;
    // The edge of the stroke fades over one pixel.
    const reach = hand.radius + 0.5;
    const most = reach * reach;
    for (let pixel = 0; pixel < distances.length; pixel++) {
      const squared = distances[pixel] as number;
      if (squared < most) out[start + pixel] = Math.min(1, reach - Math.sqrt(squared));
    }
  }

  #stroke(stroke: Stroke, hand: Hand, jitter: number, random: Random): void {
    const points = this.#points;
    for (let at = 0; at < stroke.length; at++) points[at] = (stroke[at] as number) - 0.5 + jitter * random.normal();
    const last = stroke.length - 2;
    let [fromX, fromY] = place(hand, points[0] as number, points[1] as number);
    for (let from = 0; from < last; from += 2) {
      const before = Math.max(0, from - 2);
      const after = Math.min(last, from + 4);
      for (let piece = 1; piece <= PIECES; piece++) {
        const along = (offset: number) =>
          spline(
            points[before + offset] as number,
            points[from + offset] as number,
            points[from + 2 + offset] as number,
            points[after + offset] as number,
            piece / PIECES,
          );
        const [toX, toY] = place(hand, along(0), along(1));
        this.#line(fromX, fromY, toX - fromX, toY - fromY, hand.radius + 0.5);
        fromX = toX;
        fromY = toY;
      }
    }
  }

  /** Lowers the distances of the pixels around a straight piece, from (x, y) by (dx, dy). */
  #line(x: number, y: number, dx: number, dy: number, reach: number): void {
    const { width, height } = this.#size;
    const distances = this.#distances;
    const left = Math.max(0, Math.ceil(Math.min(x, x + dx) - reach - 0.5));
    const right = Math.min(width - 1, Math.floor(Math.max(x, x + dx) + reach - 0.5));
    const top = Math.max(0, Math.ceil(Math.min(y, y + dy) - reach - 0.5));
    const bottom = Math.min(height - 1, Math.floor(Math.max(y, y + dy) + reach - 0.5));
    const perLength = 1 / Math.max(1e-12, dx * dx + dy * dy);
    for (let row = top; row <= bottom; row++) {
      const offY = row + 0.5 - y;
      for (let column = left; column <= right; column++) {
        const offX = column + 0.5 - x;
        const along = Math.min(1, Math.max(0, (offX * dx + offY * dy) * perLength));
        const awayX = offX - along * dx;
        const awayY = offY - along * dy;
        const squared = awayX * awayX + awayY * awayY;
        const pixel = row * width + column;
        if (squared < (distances[pixel] as number)) distances[pixel] = squared;
      }
    }
  }
}

/** Where a point of the box, from -1/2 to 1/2, lies in the image. */
function place({ xx, xy, yx, yy, x, y, bend, waves }: Hand, u: number, v: number): readonly [x: number, y: number] {
  const bentU = u + bend * Math.sin(2 * Math.PI * (waves[0] * v + waves[1]));
  const bentV = v + bend * Math.sin(2 * Math.PI * (waves[2] * u + waves[3]));
  return [x + xx * bentU + xy * bentV, y + yx * bentU + yy * bentV];
}
