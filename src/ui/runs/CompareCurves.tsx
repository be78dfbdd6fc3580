import { createMemo, For } from "solid-js";
import { formatCount } from "../../lib/format.ts";
import type { Extent } from "../plots/extent.ts";
import { fractionOf } from "../plots/frame.ts";
import { linearTicks, logTicks } from "../plots/ticks.ts";
import { formatTick } from "../plots/xAxes.ts";
import { pointsOf } from "./curve.ts";
import type { RunRecord } from "./record.ts";
import { lookOf } from "./seriesLook.ts";

/** Lines of the grid, at most. */
const mostTicks = 6;
/** The picture's own units, each way: it stretches to its box. */
const size = 100;

function extentOf(values: readonly number[]): Extent {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (!(high > low)) return { low: low - 1, high: low + 1, log: false };
  return { low, high, log: low > 0 };
}

export interface CompareCurvesProps {
  readonly runs: readonly RunRecord[];
  readonly seriesOf: (run: RunRecord) => number;
}

/** The validation losses of runs on common axes. The table under it says the numbers. */
export function CompareCurves(props: CompareCurvesProps) {
  const curves = () => props.runs.map((run) => ({ run, points: pointsOf(run.validation) }));
  const values = () => curves().flatMap(({ points }) => points.map(([, value]) => value));
  const lastStep = () => Math.max(1, ...curves().map(({ points }) => points.at(-1)?.[0] ?? 0));
  const axis = createMemo(() => extentOf(values().length > 0 ? values() : [0, 1]));
  const top = (value: number) => size * (1 - fractionOf(axis(), value));
  const ticks = () => (axis().log ? logTicks : linearTicks)(axis().low, axis().high, mostTicks);
  const pathOf = (points: ReturnType<typeof pointsOf>) =>
    points.map(([step, value]) => `${((size * step) / lastStep()).toFixed(2)},${top(value).toFixed(2)}`).join(" ");
  return (
    <figure class="curves" aria-hidden="true">
      <svg viewBox={`0 0 ${size} ${size}`} preserveAspectRatio="none" aria-hidden="true">
        <For each={ticks()}>{(tick) => <path class="tick" d={`M0,${top(tick)}H${size}`} />}</For>
        <For each={curves()}>
          {({ run, points }) => <polyline points={pathOf(points)} style={lookOf(props.seriesOf(run))} />}
        </For>
      </svg>
      <For each={ticks()}>
        {(tick) => (
          <span class="at" style={{ top: `${top(tick)}%` }}>
            {formatTick(tick)}
          </span>
        )}
      </For>
      <figcaption>
        <span>validation loss</span>
        <span>step {formatCount(lastStep())}</span>
      </figcaption>
    </figure>
  );
}
