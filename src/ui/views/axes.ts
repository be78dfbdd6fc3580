import { formatSetting } from "../../lib/format.ts";
import type { Surface } from "../Canvas.tsx";
import { color } from "../palette.ts";
import { linearTicks } from "../plots/ticks.ts";
import { textScale } from "../theme.ts";

/** A rectangle of a canvas that shows ranges of x and y. */
export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly toX: (value: number) => number;
  readonly toY: (value: number) => number;
}

export type Range = readonly [low: number, high: number];

/** Pixels, where text has its usual size. */
const textSize = 11;
const margin = { left: 30, right: 1, top: 1, bottom: 20 } as const;

/** The part of a surface that is left inside the axis labels. */
export function frameOf({ width, height }: Surface, x: Range, y: Range): Frame {
  const left = margin.left * textScale();
  const top = margin.top;
  const innerWidth = Math.max(1, width - left - margin.right);
  const innerHeight = Math.max(1, height - top - margin.bottom * textScale());
  return {
    left,
    top,
    width: innerWidth,
    height: innerHeight,
    toX: (value) => left + ((value - x[0]) / (x[1] - x[0])) * innerWidth,
    toY: (value) => top + (1 - (value - y[0]) / (y[1] - y[0])) * innerHeight,
  };
}

/** Numbers along the bottom and the left, and the outline. */
export function drawAxes({ context }: Surface, frame: Frame, x: Range, y: Range): void {
  const family = getComputedStyle(document.body).fontFamily;
  const scale = textScale();
  context.font = `${textSize * scale}px ${family}`;
  context.fillStyle = color("--ink-3");
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const tick of linearTicks(x[0], x[1], 7)) {
    const place = Math.min(frame.left + frame.width - 6 * scale, frame.toX(tick));
    context.fillText(formatSetting(tick), place, frame.top + frame.height + 6 * scale);
  }
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const tick of linearTicks(y[0], y[1], 7)) {
    context.fillText(formatSetting(tick), frame.left - 6 * scale, Math.max(frame.top + 6 * scale, frame.toY(tick)));
  }
  context.strokeStyle = color("--rule-strong");
  context.lineWidth = 1;
  context.strokeRect(frame.left + 0.5, frame.top + 0.5, frame.width - 1, frame.height - 1);
}
