import { formatCount, formatCounted } from "../../lib/format.ts";
import { Canvas, type Surface } from "../Canvas.tsx";
import { color } from "../palette.ts";
import { textScale } from "../theme.ts";
import { drawAxes, frameOf, type Range } from "./axes.ts";
import { LineKey, SplitKey } from "./keys.tsx";
import { drawMarker } from "./markers.ts";
import { defineView, type ViewOf } from "./view.tsx";

type Scatter = ViewOf<"scatter">;

/** One range for both axes, so that right predictions lie on the diagonal. */
function rangeOf({ actual, predicted }: Scatter): Range {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const values of [actual, predicted]) {
    for (const value of values) {
      if (!Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (!(high > low)) return [-1, 1];
  const room = (high - low) * 0.05;
  return [low - room, high + room];
}

function draw(surface: Surface, view: Scatter): void {
  const range = rangeOf(view);
  const frame = frameOf(surface, range, range);
  const { context } = surface;
  context.strokeStyle = color("--ink-3");
  context.lineWidth = textScale();
  context.setLineDash([4, 3]);
  context.beginPath();
  context.moveTo(frame.toX(range[0]), frame.toY(range[0]));
  context.lineTo(frame.toX(range[1]), frame.toY(range[1]));
  context.stroke();
  context.setLineDash([]);
  context.fillStyle = color("--paper");
  context.strokeStyle = color("--class-a");
  context.lineWidth = 1.6 * textScale();
  for (let index = 0; index < view.actual.length; index++) {
    drawMarker(
      context,
      0,
      frame.toX(view.actual[index] ?? 0),
      frame.toY(view.predicted[index] ?? 0),
      3.3 * textScale(),
    );
    context.fill();
    context.stroke();
  }
  drawAxes(surface, frame, range, range);
}

/** Any other regression: what the model says against what is so. */
export const scatter = defineView("scatter", {
  label: "Predicted against actual",
  describe: (view) =>
    `Predicted against actual ${view.targetName} of ${formatCounted(view.actual.length, "validation example")} at step ${formatCount(view.step)}.`,
  Body: (props) => <Canvas class="square" draw={(surface) => draw(surface, props.view)} />,
  Legend: (props) => (
    <div class="legend">
      <div>
        <SplitKey filled={false} token="--class-a" name="Validation" />
        <LineKey token="--ink-3" dash={[4, 3]} name="Right" />
      </div>
      <p class="note">Actual {props.view.targetName} to the right, predicted upwards.</p>
    </div>
  ),
});
