import { color } from "../palette.ts";
import type { Extent } from "./extent.ts";
import type { Frame } from "./paint.ts";
import type { Box } from "./pen.ts";
import type { Shown } from "./shown.ts";
import { linearTicks, logTicks } from "./ticks.ts";

/** Where a value lies between the ends of an axis, 0 to 1; NaN where a log axis cannot show it. */
export function fractionOf({ low, high, log }: Extent, value: number): number {
  if (!log) return (value - low) / (high - low);
  return value > 0 ? Math.log(value / low) / Math.log(high / low) : Number.NaN;
}

/** The value at a fraction of an axis. */
export const valueAtFraction = ({ low, high, log }: Extent, fraction: number): number =>
  log ? low * (high / low) ** fraction : low + fraction * (high - low);

/** The frame of a picture in a box of pixels. */
export function frameOf(box: Box, shown: Shown, options: Pick<Frame, "ratio" | "labels">): Frame {
  return {
    ...box,
    ...options,
    color,
    // A log axis has no place for the start: it stands at the first step
    x: (step) => box.left + box.width * fractionOf(shown.x, shown.xAt(shown.x.log ? Math.max(1, step) : step)),
    y: (value) => box.top + box.height * (1 - fractionOf(shown.y, value)),
  };
}

/** CSS pixels around the picture, for its axes and the newest dots, where text has its usual size. */
export interface Margins {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

export const margins = (main: boolean, scale = 1): Margins => ({
  top: 6 * scale,
  right: (main ? 20 : 16) * scale,
  bottom: 22 * scale,
  left: 44 * scale,
});

/** Where the x axis of a chart so wide has its lines. */
export function xTicks({ x, axis }: Shown, width: number): readonly number[] {
  const most = Math.max(3, Math.floor(width / 70));
  if (x.log) return logTicks(x.low, x.high, most);
  const unit = axis.unit(x.high);
  return linearTicks(x.low / unit, x.high / unit, most).map((tick) => tick * unit);
}

/** Where the y axis of a chart so high has its lines. */
export function yTicks({ y }: Shown, height: number): readonly number[] {
  const most = Math.min(6, Math.max(3, Math.floor(height / 26)));
  return (y.log ? logTicks : linearTicks)(y.low, y.high, most);
}
