import { paintEvents, paintLabels, paintSkipped } from "./events.ts";
import { type Box, type Path, type Pen, textSize } from "./pen.ts";
import type { Column, PictureBand, PictureLine } from "./plot.ts";
import type { Shown } from "./shown.ts";

/** Where a picture is drawn. */
export interface Frame extends Box {
  /** Pixels per CSS pixel. */
  readonly ratio: number;
  /** Pixels of a step and of a value; NaN for what the axis cannot show. */
  readonly x: (step: number) => number;
  readonly y: (value: number) => number;
  /** Colour of a design token. */
  readonly color: (token: string) => string;
  /** Markers and ends of lines carry their names. */
  readonly labels: boolean;
}

const bandOpacity = 0.1;
const groupOpacity = 0.22;
const gapOpacity = 0.1;
const healthyOpacity = 0.06;

function pathOf({ x, y }: { readonly x: Column; readonly y: Column }, frame: Frame): Path {
  const path: number[] = [];
  for (let index = 0; index < x.length; index++)
    path.push(frame.x(x[index] ?? Number.NaN), frame.y(y[index] ?? Number.NaN));
  return path;
}

/** There along one path and back along the other. */
function closed(there: Path, back: Path): Path {
  const path = [...there];
  for (let at = back.length - 2; at >= 0; at -= 2) path.push(back[at] ?? Number.NaN, back[at + 1] ?? Number.NaN);
  return path;
}

function paintBand(pen: Pen, frame: Frame, band: PictureBand, fill: Parameters<Pen["area"]>[1]): void {
  const bottom = frame.top + frame.height;
  const [high, low]: [number[], number[]] = [[], []];
  for (let index = 0; index < band.x.length; index++) {
    const x = frame.x(band.x[index] ?? Number.NaN);
    const [top, base] = [frame.y(band.high[index] ?? Number.NaN), frame.y(band.low[index] ?? Number.NaN)];
    if (Number.isNaN(top)) continue;
    high.push(x, top);
    // What a log axis cannot show lies below it.
    low.push(x, Number.isNaN(base) ? bottom : base);
  }
  pen.area(closed(high, low), fill);
}

function paintBands(pen: Pen, frame: Frame, { picture: { band, groups = [] } }: Shown): void {
  for (const group of groups) {
    paintBand(pen, frame, group, { color: frame.color(group.token), opacity: groupOpacity });
  }
  if (band !== undefined) paintBand(pen, frame, band, { color: frame.color("--ink"), opacity: bandOpacity });
}

/** The value of a line at a step, between its points. */
function between({ x, y }: PictureLine, step: number): number {
  for (let index = 0; index < x.length; index++) {
    const right = x[index] ?? 0;
    if (right < step) continue;
    const [left, before, after] = [x[index - 1], y[index - 1], y[index] ?? Number.NaN];
    if (left === undefined || before === undefined) return after;
    return before + ((after - before) * (step - left)) / (right - left);
  }
  return Number.NaN;
}

function paintGap(pen: Pen, frame: Frame, { picture: { gap } }: Shown): void {
  if (gap === undefined) return;
  const after = (line: PictureLine): Path => {
    const path: number[] = [frame.x(gap.fromStep), frame.y(between(line, gap.fromStep))];
    for (let index = 0; index < line.x.length; index++) {
      const step = line.x[index] ?? 0;
      if (step > gap.fromStep) path.push(frame.x(step), frame.y(line.y[index] ?? Number.NaN));
    }
    return path.every((value) => !Number.isNaN(value)) ? path : [];
  };
  const [upper, lower] = [after(gap.upper), after(gap.lower)];
  if (upper.length < 4 || lower.length < 4) return;
  pen.area(closed(upper, lower), { color: frame.color("--ball"), opacity: gapOpacity });
}

function paintLines(pen: Pen, frame: Frame, { picture: { lines, guides = [], healthy } }: Shown): void {
  const { ratio, left, width } = frame;
  const right = left + width;
  if (healthy !== undefined) {
    const [low, high] = [
      Math.min(frame.y(healthy[0]), frame.top + frame.height),
      Math.max(frame.y(healthy[1]), frame.top),
    ];
    pen.area([left, low, right, low, right, high, left, high], {
      color: frame.color("--ink"),
      opacity: healthyOpacity,
    });
  }
  for (const { value } of guides) {
    const y = frame.y(value);
    pen.line([left, y, right, y], { color: frame.color("--ink-3"), width: ratio, dash: [4 * ratio, 3 * ratio] });
  }
  for (const line of lines) {
    pen.line(pathOf(line, frame), {
      color: frame.color(line.token),
      width: line.width * ratio,
      ...(line.opacity !== undefined && { opacity: line.opacity }),
      ...(line.dash !== undefined && { dash: line.dash.map((length) => length * ratio) }),
    });
  }
}

/** The last point of a line inside the frame. */
function lastOf({ x, y }: PictureLine, frame: Frame): readonly [x: number, y: number] | undefined {
  for (let index = x.length - 1; index >= 0; index--) {
    const point = [frame.x(x[index] ?? Number.NaN), frame.y(y[index] ?? Number.NaN)] as const;
    if (point[0] <= frame.left + frame.width + 1 && !Number.isNaN(point[1])) return point;
  }
  return undefined;
}

/** Names of horizontal lines, on the left: the newest points are on the right. */
function paintTitles(pen: Pen, frame: Frame, { picture: { lines, guides = [] } }: Shown): void {
  const { ratio, top, left, height } = frame;
  const style = { color: frame.color("--ink-2"), halo: frame.color("--paper"), size: textSize * ratio };
  const titled = lines.map(({ y, title = "" }) => ({ value: y[0] ?? Number.NaN, label: title }));
  for (const { value, label } of [...guides, ...titled]) {
    const y = frame.y(value) - 4 * ratio;
    if (label !== "" && y > top && y < top + height) pen.text(left + 4 * ratio, y, label, { ...style, align: "start" });
  }
}

function paintEnds(pen: Pen, frame: Frame, shown: Shown): void {
  const { lines, best } = shown.picture;
  const { ratio } = frame;
  const right = frame.left + frame.width;
  const small = { color: frame.color("--ink-3"), size: textSize * ratio };
  const named: number[] = [];
  for (const line of lines) {
    const last = lastOf(line, frame);
    if (last === undefined || last[0] < frame.left) continue;
    const [x, y] = [last[0], Math.max(frame.top, Math.min(frame.top + frame.height, last[1]))];
    const isFree = named.every((other) => Math.abs(other - y) >= (textSize - 2) * ratio);
    if (line.label !== undefined && frame.labels && isFree) {
      named.push(y);
      pen.text(Math.min(right, x) + 4 * ratio, y + 4 * ratio, line.label, { ...small, align: "start" });
    }
    if (line.dot !== true) continue;
    const fill = frame.color(line.token === "--ink-2" ? "--ink" : line.token);
    pen.dot(x, y, { radius: 3.5 * ratio, fill, stroke: { color: frame.color("--paper"), width: 1.5 * ratio } });
  }
  if (frame.labels) paintTitles(pen, frame, shown);
  if (best === undefined) return;
  const [x, y] = [frame.x(best.step), frame.y(best.value)];
  if (x < frame.left || x > right || Number.isNaN(y) || y > frame.top + frame.height || y < frame.top) return;
  const ring = { color: frame.color("--ball"), width: 1.5 * ratio };
  pen.dot(x, y, { radius: 3.5 * ratio, fill: frame.color("--paper"), stroke: ring });
}

/** Draws a picture into a frame; grid and axes are there already. */
export function paint(pen: Pen, frame: Frame, shown: Shown): void {
  pen.clipped(frame, () => {
    paintBands(pen, frame, shown);
    paintGap(pen, frame, shown);
    paintEvents(pen, frame, shown);
    paintLines(pen, frame, shown);
    paintSkipped(pen, frame, shown);
  });
  paintEnds(pen, frame, shown);
  if (frame.labels && shown.namesEvents) paintLabels(pen, frame, shown);
}
