/** Points in pixels, x and y in turns; NaN makes a gap. */
export type Path = readonly number[];

export interface Stroke {
  readonly color: string;
  readonly width: number;
  readonly opacity?: number;
  readonly dash?: readonly number[];
}

/** What plots are drawn with, on a canvas or into a file. */
export interface Pen {
  line(path: Path, stroke: Stroke): void;
  area(path: Path, fill: { readonly color: string; readonly opacity: number }): void;
  dot(x: number, y: number, dot: { readonly radius: number; readonly fill: string; readonly stroke: Stroke }): void;
  text(x: number, y: number, text: string, style: TextStyle): void;
  /** Draws inside a box only. */
  clipped(box: Box, draw: () => void): void;
}

export interface TextStyle {
  readonly color: string;
  /** Pixels. */
  readonly size: number;
  readonly align: "start" | "middle" | "end";
  /** Colour of a rim that keeps it legible over curves. */
  readonly halo?: string;
}

/** CSS pixels of what is written into a picture. */
export const textSize = 11;
/** Width of a halo, in parts of the text's size: half of it lies outside of the letters. */
export const haloWidth = 0.3;

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function trace(ctx: CanvasRenderingContext2D, path: Path): void {
  ctx.beginPath();
  let isDown = false;
  for (let at = 0; at < path.length; at += 2) {
    const [x = Number.NaN, y = Number.NaN] = [path[at], path[at + 1]];
    if (Number.isNaN(x) || Number.isNaN(y)) isDown = false;
    else if (isDown) ctx.lineTo(x, y);
    else {
      ctx.moveTo(x, y);
      isDown = true;
    }
  }
}

const alignments = { start: "left", middle: "center", end: "right" } as const;

/** A pen on a canvas; pixels are those of the canvas. */
export function canvasPen(ctx: CanvasRenderingContext2D, family: string): Pen {
  const stroked = ({ color, width, opacity = 1, dash = [] }: Stroke) => {
    ctx.strokeStyle = color;
    ctx.lineWidth = width;
    ctx.globalAlpha = opacity;
    ctx.setLineDash([...dash]);
    ctx.stroke();
    ctx.globalAlpha = 1;
    ctx.setLineDash([]);
  };
  return {
    line(path, stroke) {
      trace(ctx, path);
      ctx.lineJoin = "round";
      stroked(stroke);
    },
    area(path, { color, opacity }) {
      trace(ctx, path);
      ctx.globalAlpha = opacity;
      ctx.fillStyle = color;
      ctx.fill();
      ctx.globalAlpha = 1;
    },
    dot(x, y, { radius, fill, stroke }) {
      ctx.beginPath();
      ctx.arc(x, y, radius, 0, 2 * Math.PI);
      ctx.fillStyle = fill;
      ctx.fill();
      stroked(stroke);
    },
    text(x, y, text, { color, size, align, halo }) {
      ctx.font = `${size}px ${family}`;
      ctx.textAlign = alignments[align];
      ctx.textBaseline = "alphabetic";
      if (halo !== undefined) {
        ctx.strokeStyle = halo;
        ctx.lineWidth = haloWidth * size;
        ctx.lineJoin = "round";
        ctx.strokeText(text, x, y);
      }
      ctx.fillStyle = color;
      ctx.fillText(text, x, y);
    },
    clipped({ left, top, width, height }, draw) {
      ctx.save();
      ctx.beginPath();
      ctx.rect(left, top, width, height);
      ctx.clip();
      draw();
      ctx.restore();
    },
  };
}
