import { pointsOf } from "./curve.ts";
import type { RunRecord } from "./record.ts";

/** Pixels. */
export const sparklineSize = { width: 74, height: 18 } as const;
const margin = 2;
/** More points than pixels tell nothing. */
const mostPoints = sparklineSize.width;

/** The validation loss as a small line, on a log scale where it can be, and its best point, in pixels. */
export function sparklineOf({ validation, steps, best }: Pick<RunRecord, "validation" | "steps" | "best">) {
  const all = pointsOf(validation);
  const every = Math.max(1, Math.ceil(all.length / mostPoints));
  const points = all.filter((_, index) => index % every === 0 || index === all.length - 1);
  // The best may lie between the points that are drawn, and be 0
  const values = [...points.map(([, value]) => value), ...(best === null ? [] : [best.loss])];
  const isLog = values.every((value) => value > 0);
  const level = (value: number) => (isLog ? Math.log(value) : value);
  const levels = values.map(level);
  const [low, high] = [Math.min(...levels), Math.max(...levels)];
  const { width, height } = sparklineSize;
  const x = (step: number) => (width * step) / Math.max(1, steps);
  const y = (value: number) => {
    const share = high > low ? (level(value) - low) / (high - low) : 0.5;
    return height - margin - share * (height - 2 * margin);
  };
  const line = points.map(([step, value]) => `${x(step).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
  return { line, dot: best === null || points.length === 0 ? undefined : { x: x(best.step), y: y(best.loss) } };
}
