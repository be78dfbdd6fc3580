import { formatCount, formatMeasure } from "../../lib/format.ts";
import { definePlot } from "./plot.ts";
import { thin } from "./thin.ts";

/** Training loss as the mean of batches over their range, and validation loss on the whole split. */
export const loss = definePlot({
  label: "Loss",
  weight: 3,
  styles: [
    { token: "--ink-2", width: 1.5 },
    { token: "--ball", width: 2 },
  ],
  readings: [
    { name: "Training loss", label: "train", token: "--ink-2", value: (readings) => readings.loss },
    { name: "Validation loss", label: "validation", token: "--ball", value: (readings) => readings.validation?.loss },
  ],
  data: (history, points) => {
    const columns = history.window(points);
    const validation = thin(history.validation, 2 * points);
    return {
      band: { low: columns.lossMin, high: columns.lossMax },
      lines: [
        { x: columns.step, y: columns.loss },
        { x: validation.map(({ step }) => step), y: validation.map((evaluation) => evaluation.loss) },
      ],
    };
  },
  describe: ({ loss: now, validation }, first, step) =>
    now === undefined
      ? "No step has been made yet."
      : `Training loss ${formatMeasure(now)}, from ${formatMeasure(first)} at the start, after ${formatCount(step)} steps; validation loss ${formatMeasure(validation?.loss)}.`,
});
