import { formatCount } from "../../lib/format.ts";
import type { XyPoints } from "../../session/protocol.ts";
import { Canvas, type Context, type Surface } from "../Canvas.tsx";
import { color } from "../palette.ts";
import { textScale } from "../theme.ts";
import { drawAxes, type Frame, frameOf } from "./axes.ts";
import { LineKey, SplitKey } from "./keys.tsx";
import { drawMarker } from "./markers.ts";
import { defineView, type ViewOf } from "./view.tsx";

type Curve = ViewOf<"curve">;

function drawPoints(context: Context, points: XyPoints, frame: Frame, filled: boolean): void {
  context.fillStyle = color(filled ? "--class-a" : "--paper");
  context.strokeStyle = color(filled ? "--paper" : "--class-a");
  const radius = (filled ? 3.7 : 3.3) * textScale();
  context.lineWidth = (filled ? 1 : 1.6) * textScale();
  for (let index = 0; index < points.x.length; index++) {
    drawMarker(context, 0, frame.toX(points.x[index] ?? 0), frame.toY(points.y[index] ?? 0), radius);
    context.fill();
    context.stroke();
  }
}

function draw(surface: Surface, view: Curve): void {
  const frame = frameOf(surface, view.domain, view.range);
  const { context } = surface;
  context.save();
  context.beginPath();
  context.rect(frame.left, frame.top, frame.width, frame.height);
  context.clip();
  drawPoints(context, view.train, frame, true);
  drawPoints(context, view.validation, frame, false);
  const [low, high] = view.domain;
  context.beginPath();
  view.outputs.forEach((output, index) => {
    const x = frame.toX(low + ((high - low) * index) / Math.max(1, view.outputs.length - 1));
    if (index === 0) context.moveTo(x, frame.toY(output));
    else context.lineTo(x, frame.toY(output));
  });
  context.strokeStyle = color("--ball");
  context.lineWidth = 2.5 * textScale();
  context.lineJoin = "round";
  context.stroke();
  context.restore();
  drawAxes(surface, frame, view.domain, view.range);
}

/** One input, one target: the function that the model is by now. */
export const curve = defineView("curve", {
  label: "Fitted curve",
  describe: (view) =>
    `The model's output over its one input at step ${formatCount(view.step)}, with ${view.train.x.length} training and ${view.validation.x.length} validation points.`,
  Body: (props) => <Canvas class="square" draw={(surface) => draw(surface, props.view)} />,
  Legend: () => (
    <div class="legend">
      <div>
        <LineKey token="--ball" name="Model" />
      </div>
      <div>
        <SplitKey filled token="--class-a" name="Training" />
        <SplitKey filled={false} token="--class-a" name="Validation" />
      </div>
    </div>
  ),
});
