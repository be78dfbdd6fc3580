import { createMemo, Show } from "solid-js";
import { pointsOf } from "./curve.ts";
import type { RunRecord } from "./record.ts";

const width = 74;
const height = 18;
const margin = 2;
/** More points than pixels tell nothing. */
const mostPoints = 74;

/** The validation loss as a small line, on a log scale where it can be, and its best point. */
function pictureOf({ validation, steps, best }: RunRecord) {
  const all = pointsOf(validation);
  const every = Math.max(1, Math.ceil(all.length / mostPoints));
  const points = all.filter((_, index) => index % every === 0 || index === all.length - 1);
  const isLog = points.every(([, value]) => value > 0);
  const level = (value: number) => (isLog ? Math.log(value) : value);
  const levels = points.map(([, value]) => level(value));
  const [low, high] = [Math.min(...levels), Math.max(...levels)];
  const x = (step: number) => (width * step) / Math.max(1, steps);
  const y = (value: number) => {
    const share = high > low ? (level(value) - low) / (high - low) : 0.5;
    return height - margin - share * (height - 2 * margin);
  };
  const line = points.map(([step, value]) => `${x(step).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
  return { line, dot: best === null || points.length === 0 ? undefined : { x: x(best.step), y: y(best.loss) } };
}

/** Decorative: the numbers beside it say the same. */
export function Sparkline(props: { readonly run: RunRecord }) {
  const picture = createMemo(() => pictureOf(props.run));
  return (
    <svg class="spark" width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <polyline points={picture().line} />
      <Show when={picture().dot}>{(dot) => <circle cx={dot().x} cy={dot().y} r="1.8" />}</Show>
    </svg>
  );
}
