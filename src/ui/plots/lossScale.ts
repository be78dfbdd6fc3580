import { formatCount } from "../../lib/format.ts";
import { lastUpTo } from "../../session/columns.ts";
import type { ScaleChange } from "../../session/protocol.ts";
import { definePlot, pointSeries, thinnedBetween } from "./plot.ts";

const format = (value: number | undefined) => (value === undefined ? "–" : formatCount(value));

/** Stairs through the changes in view, at most about `most` of them, up to the last step in view. */
function stairs(changes: readonly ScaleChange[], { from, to, most }: Record<"from" | "to" | "most", number>) {
  const indexUpTo = (step: number) => lastUpTo(changes.length, (index) => changes[index]?.step ?? 0, step);
  const kept = thinnedBetween(changes, [Math.max(0, indexUpTo(from)), indexUpTo(to) + 1], most);
  const corners = kept.flatMap(({ step, lossScale }, index) => {
    const before = kept[index - 1];
    return [...(before === undefined ? [] : [[step, before.lossScale] as const]), [step, lossScale] as const];
  });
  const last = kept.at(-1);
  if (last !== undefined) corners.push([to, last.lossScale]);
  return { x: corners.map(([step]) => step), y: corners.map(([, lossScale]) => lossScale) };
}

/** What the loss is multiplied by in float16: it doubles after a while without an overflow, and halves at each. */
export const lossScale = definePlot({
  label: "Loss scale",
  weight: 1,
  axis: "log",
  order: 3,
  applies: (_, { scalesLoss }) => scalesLoss,
  empty: "The first point comes with the first step.",
  readings: [
    {
      name: "Steps skipped",
      label: "skipped",
      format,
      value: (_, { history }) => (history.length === 0 ? undefined : history.scaling.skipped.length),
      series: ({ history: { scaling, step } }) => ({
        length: step.length,
        stepAt: (index) => step[index] ?? 0,
        valueAt: (index) =>
          1 + lastUpTo(scaling.skipped.length, (each) => scaling.skipped[each] ?? 0, step[index] ?? 0),
      }),
    },
    {
      name: "Loss scale now",
      format,
      value: (_, { history }) => history.scaling.changes.at(-1)?.lossScale,
      series: ({ history }) => pointSeries(history.scaling.changes, ({ lossScale: scale }) => scale),
    },
  ],
  picture: ({ history }, { points, fromStep = 0, toStep = Number.POSITIVE_INFINITY }) => {
    const to = Math.min(toStep, history.step.at(-1) ?? 0);
    const line = stairs(history.scaling.changes, { from: fromStep, to, most: points });
    return { lines: [{ ...line, token: "--ink-2", width: 1.5, dot: true }] };
  },
});
