import type { Frame } from "./paint.ts";
import { type Pen, textSize } from "./pen.ts";
import type { Shown } from "./shown.ts";

const rowHeight = 13;
/** Pixels of a character, about: two labels do not lie upon each other. */
const characterWidth = 6;

/** Dotted verticals where something happened to the run. */
export function paintEvents(pen: Pen, frame: Frame, { picture: { best }, markers }: Shown): void {
  const bottom = frame.top + frame.height;
  const dotted = (step: number, token: string) =>
    pen.line([frame.x(step), frame.top, frame.x(step), bottom], {
      ...{
        color: frame.color(token),
        width: frame.ratio,
        dash: token === "--bad" ? [] : [frame.ratio, 3 * frame.ratio],
      },
    });
  if (best !== undefined) dotted(best.step, "--ink-3");
  for (const { step, kind } of markers) dotted(step, kind === "stop" ? "--bad" : "--ink-3");
}

const skippedHeight = 6;

/** Ticks on the x axis: steps that half precision skipped. */
export function paintSkipped(pen: Pen, frame: Frame, { skipped }: Shown): void {
  const bottom = frame.top + frame.height;
  const top = bottom - skippedHeight * frame.ratio;
  const path = skipped.flatMap((step) => [frame.x(step), bottom, frame.x(step), top, Number.NaN, Number.NaN]);
  if (path.length > 0) pen.line(path, { color: frame.color("--warn"), width: 1.5 * frame.ratio });
}

/** What the ticks on the x axis are, behind the first of them. */
function paintSkippedName(pen: Pen, frame: Frame, { skipped: [first] }: Shown): void {
  if (first === undefined) return;
  const { ratio, left, width, top, height } = frame;
  const flips = frame.x(first) > left + width / 2;
  pen.text(frame.x(first) + (flips ? -4 : 4) * ratio, top + height - (skippedHeight + 3) * ratio, "skipped", {
    ...{ color: frame.color("--ink-2"), halo: frame.color("--paper"), size: textSize * ratio },
    align: flips ? "end" : "start",
  });
}

interface Label {
  readonly at: number;
  readonly text: string;
  readonly token: string;
}

/** The names of events. */
export function paintLabels(pen: Pen, frame: Frame, shown: Shown): void {
  paintNames(pen, frame, shown);
  paintSkippedName(pen, frame, shown);
}

/** Names at the top, from the newest to the oldest, in as many rows as they need to not touch. */
function paintNames(pen: Pen, frame: Frame, { picture: { best }, markers }: Shown): void {
  const { ratio, left, width } = frame;
  const right = left + width;
  const labels: Label[] = markers.map(({ step, label, kind }) => ({
    ...{ at: frame.x(step), text: label, token: kind === "stop" ? "--bad" : "--ink-2" },
  }));
  if (best !== undefined) labels.push({ at: frame.x(best.step), text: best.label, token: "--ink-2" });
  const rows: [number, number][][] = [[], [], []];
  for (const { at, text, token } of labels.toReversed()) {
    const length = (text.length * characterWidth + 4) * ratio;
    const flips = at + length > right;
    const [start, end] = flips ? [at - length, at] : [at, at + length];
    const row = rows.findIndex((taken) => !taken.some(([from, to]) => start < to && end > from));
    if (!(at >= left && at <= right) || row < 0) continue;
    rows[row]?.push([start, end]);
    pen.text(flips ? at - 4 * ratio : at + 4 * ratio, frame.top + (row + 1) * rowHeight * ratio, text, {
      ...{ color: frame.color(token), halo: frame.color("--paper"), size: textSize * ratio },
      align: flips ? "end" : "start",
    });
  }
}
