import { formatCount, formatMeasure } from "../../lib/format.ts";
import { definePlot } from "./plot.ts";

/** Global L2 norm of the gradient before clipping. */
export const gradNorm = definePlot({
  label: "Gradient norm",
  weight: 2,
  styles: [{ token: "--ink-2", width: 1.5 }],
  readings: [{ name: "Gradient norm", label: "global", token: "--ink-2", value: (readings) => readings.gradNorm }],
  data: (history, points) => {
    const columns = history.window(points);
    return {
      band: { low: columns.gradNormMin, high: columns.gradNormMax },
      lines: [{ x: columns.step, y: columns.gradNorm }],
    };
  },
  describe: ({ gradNorm: now }, first, step) =>
    now === undefined
      ? "No step has been made yet."
      : `Gradient norm ${formatMeasure(now)}, from ${formatMeasure(first)} at the start, after ${formatCount(step)} steps.`,
});
