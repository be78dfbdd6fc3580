import type { StepRow } from "../../bench/analysis.ts";
import { logTicks } from "../plots/ticks.ts";

const margin = { left: 52, right: 64, top: 10, bottom: 44 } as const;
/** Height over width, and the least and greatest height in pixels. */
const shape = { ratio: 0.5, least: 250, most: 400 } as const;
/** Room above and below the curves, as a factor. */
const room = 1.35;
const mostTicks = 11;

/** Where a batch size and a time lie on log axes, in pixels. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly ticks: readonly number[];
  x(batch: number): number;
  y(ms: number): number;
}

/** Lays the axes around all times of the rows; without any, from 0.1 to 10 ms. */
export function createPlane(rows: readonly StepRow[], width: number): Plane {
  const spreads = rows.flatMap(({ cpu, webgpu }) => [cpu, webgpu].flatMap((time) => time?.ms ?? []));
  const batches = rows.map(({ batch }) => batch);
  const low = spreads.length === 0 ? 0.1 : Math.min(...spreads.map((spread) => spread.low)) / room;
  const high = spreads.length === 0 ? 10 : Math.max(...spreads.map((spread) => spread.high)) * room;
  const height = Math.min(shape.most, Math.max(shape.least, width * shape.ratio));
  const [left, right, top, bottom] = [margin.left, width - margin.right, margin.top, height - margin.bottom];
  const inset = 12;
  const scale = (from: number, to: number, start: number, end: number) => (value: number) =>
    start + ((end - start) * Math.log(value / from)) / Math.log(to / from || Math.E);
  const [first, last] = [Math.min(...batches, Number.MAX_VALUE), Math.max(...batches, 1)];
  return {
    ...{ width, height, left, right, top, bottom },
    ticks: logTicks(low, high, mostTicks),
    x: first < last ? scale(first, last, left + inset, right - inset) : () => (left + right) / 2,
    y: scale(low, high, bottom, top),
  };
}
