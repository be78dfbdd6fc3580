import { color } from "../palette.ts";
import { fractionOf, frameOf, margins, xTicks, yTicks } from "../plots/frame.ts";
import { type Frame, paint } from "../plots/paint.ts";
import { haloWidth, type Path, type Pen, type Stroke } from "../plots/pen.ts";
import type { PlotReading } from "../plots/plot.ts";
import { readingsOf, valueAt } from "../plots/values.ts";
import { type PlotFile, provenanceOf } from "./file.ts";

/** CSS pixels of a picture in a file. */
export const pictureSize = { width: 960, height: 540 } as const;

const header = 40;
const textSize = 11;
const headerSize = 13;
const characterWidth = 7;

const round = (value: number): string => String(Math.round(value * 100) / 100);
const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

function pathData(path: Path): string {
  let data = "";
  let isDown = false;
  for (let at = 0; at < path.length; at += 2) {
    const [x = Number.NaN, y = Number.NaN] = [path[at], path[at + 1]];
    const isPoint = Number.isFinite(x) && Number.isFinite(y);
    if (isPoint) data += `${isDown ? "L" : "M"}${round(x)},${round(y)}`;
    isDown = isPoint;
  }
  return data;
}

const strokeAttributes = ({ color: stroke, width, opacity = 1, dash = [] }: Stroke): string =>
  `stroke="${stroke}" stroke-width="${width}" stroke-opacity="${opacity}"${dash.length > 0 ? ` stroke-dasharray="${dash.join(" ")}"` : ""}`;

/** A pen whose strokes are elements of an SVG, in `parts`. */
function svgPen(parts: string[]): Pen {
  let clips = 0;
  return {
    line: (path, stroke) => {
      parts.push(`<path fill="none" stroke-linejoin="round" ${strokeAttributes(stroke)} d="${pathData(path)}"/>`);
    },
    area: (path, { color: fill, opacity }) => {
      parts.push(`<path fill="${fill}" fill-opacity="${opacity}" d="${pathData(path)}Z"/>`);
    },
    dot: (x, y, { radius, fill, stroke }) => {
      parts.push(
        `<circle cx="${round(x)}" cy="${round(y)}" r="${radius}" fill="${fill}" ${strokeAttributes(stroke)}/>`,
      );
    },
    text: (x, y, text, { color: fill, size, align, halo }) => {
      const rim =
        halo === undefined
          ? ""
          : ` stroke="${halo}" stroke-width="${round(haloWidth * size)}" stroke-linejoin="round" paint-order="stroke"`;
      parts.push(
        `<text x="${round(x)}" y="${round(y)}" fill="${fill}" font-size="${size}" text-anchor="${align}"${rim}>${escaped(text)}</text>`,
      );
    },
    clipped: ({ left, top, width, height }, draw) => {
      clips += 1;
      const id = `clip-${clips}`;
      parts.push(`<clipPath id="${id}"><rect x="${left}" y="${top}" width="${width}" height="${height}"/></clipPath>`);
      parts.push(`<g clip-path="url(#${id})">`);
      draw();
      parts.push("</g>");
    },
  };
}

function drawAxes(pen: Pen, { left, top, width, height }: Frame, { shown }: PlotFile): void {
  const style = { color: color("--ink-3"), size: textSize };
  const bottom = top + height;
  for (const tick of yTicks(shown, height)) {
    const y = bottom - height * fractionOf(shown.y, tick);
    pen.line([left, y, left + width, y], { color: color("--grid"), width: 1 });
    pen.text(left - 8, y + 4, shown.yTick(tick), { ...style, align: "end" });
  }
  pen.line([left, bottom, left + width, bottom], { color: color("--rule-strong"), width: 1 });
  for (const tick of xTicks(shown, width)) {
    const x = left + width * fractionOf(shown.x, tick);
    pen.text(x, bottom + 16, shown.axis.tick(tick), { ...style, align: "middle" });
  }
  pen.text(left + width, bottom + 32, shown.axis.label, { ...style, align: "end" });
}

/** The name on the left, the newest readings on the right. */
function drawHeader(pen: Pen, { plot, source, shown, runName }: PlotFile): void {
  const baseline = 24;
  const style = { color: color("--ink"), size: headerSize };
  pen.text(16, baseline, `${plot.label} · ${runName}`, { ...style, align: "start" });
  let right = pictureSize.width - 16;
  const draw = (reading: PlotReading) => {
    const text = `${reading.label ?? reading.name} ${reading.format(valueAt(reading.series(source), shown.to))}`;
    pen.text(right, baseline, text, { ...style, align: "end" });
    const start = right - text.length * characterWidth;
    if (reading.token !== undefined) {
      pen.line([start - 24, baseline - 4, start - 8, baseline - 4], { color: color(reading.token), width: 2 });
    }
    right = start - 40;
  };
  readingsOf(plot, source).toReversed().forEach(draw);
}

/** A plot as it is on screen, as a document of its own that carries configuration and seeds. */
export function svgOf(file: PlotFile): string {
  const { width, height } = pictureSize;
  const { top, right, bottom, left } = margins(true);
  const box = {
    left: left + 16,
    top: top + header,
    width: width - left - right - 32,
    height: height - top - header - bottom - 20,
  };
  const parts: string[] = [];
  const pen = svgPen(parts);
  const frame = frameOf(box, file.shown, { ratio: 1, labels: true });
  drawHeader(pen, file);
  drawAxes(pen, frame, file);
  paint(pen, frame, file.shown);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif">`,
    `<title>${escaped(`${file.plot.label} of ${file.runName}`)}</title>`,
    `<metadata>${escaped(JSON.stringify(provenanceOf(file)))}</metadata>`,
    `<rect width="${width}" height="${height}" fill="${color("--paper")}"/>`,
    ...parts,
    "</svg>",
    "",
  ].join("\n");
}
