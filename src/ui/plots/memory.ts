import { formatBytes } from "../../lib/format.ts";
import type { MeasuredPoint } from "../../session/metrics.ts";
import { definePlot, lineOf, pointSeries } from "./plot.ts";

const known = (measured: readonly MeasuredPoint[]) => measured.filter(({ liveBytes }) => liveBytes !== undefined);
const bytesOf = ({ liveBytes }: MeasuredPoint) => liveBytes;
const format = (bytes: number | undefined) => (bytes === undefined ? "–" : formatBytes(bytes));

/** Device memory held by everything that is loaded. */
export const memory = definePlot({
  label: "Memory",
  weight: 1,
  axis: "linear",
  fromZero: true,
  order: 7,
  isMeasured: true,
  tick: (bytes) => formatBytes(bytes).replace(/\.0+(?=\D)/, ""),
  empty: "Nothing has been measured yet.",
  readings: [
    {
      name: "Device memory",
      format,
      value: (_, { history, liveBytes }) => known(history.measured).at(-1)?.liveBytes ?? liveBytes,
      series: ({ history }) => pointSeries(known(history.measured), bytesOf),
    },
  ],
  picture: ({ history, liveBytes }, { points, fromStep = 0, toStep = Number.POSITIVE_INFINITY }) => {
    const inside = known(history.measured).filter(({ step }) => step >= fromStep && step <= toStep);
    const every = Math.max(1, Math.ceil(inside.length / points));
    const line = lineOf(
      inside.filter((_, index) => (inside.length - 1 - index) % every === 0),
      bytesOf,
    );
    return {
      lines: [{ ...line, token: "--ink-2", width: 1.5, dot: true }],
      guides: liveBytes === undefined ? [] : [{ value: liveBytes, label: "" }],
    };
  },
});
