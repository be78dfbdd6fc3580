import { createMemo, Show } from "solid-js";
import { learningRateAt } from "../../engine/schedules/schedule.ts";
import { formatCount, formatSetting } from "../../lib/format.ts";
import { usePlayground } from "../playground.ts";
import { batchOfStep } from "./batchOfStep.ts";
import { horizonOf, scheduleCurve, stepsOfRun } from "./scheduleCurve.ts";
import "../styles/schedule.css";

/** Size of the drawing in its own units; the page stretches it. */
const WIDTH = 100;
const HEIGHT = 40;

/** The learning rate over the steps of the run, and where the run is. */
export function SchedulePreview() {
  const { store, trainer } = usePlayground();
  const optimizer = () => store.config().optimizer;
  const batch = createMemo(() => batchOfStep(store.config(), trainer.summary()));
  const limit = () =>
    stepsOfRun({ stopping: store.config().stopping, stepsPerEpoch: trainer.summary()?.stepsPerEpoch });
  const horizon = createMemo(() => horizonOf(optimizer(), limit(), trainer.step()));
  const curve = createMemo(() => scheduleCurve(optimizer(), batch(), horizon()));
  const x = (step: number) => ((step - 1) / (horizon() - 1)) * WIDTH;
  const y = (rate: number) => HEIGHT * (1 - (curve().most > 0 ? rate / curve().most : 0));
  const path = createMemo(() => {
    const { steps, rates } = curve();
    return steps.map((step, index) => `${index === 0 ? "M" : "L"}${x(step)},${y(rates[index] ?? 0)}`).join("");
  });
  const now = () => learningRateAt(optimizer(), batch(), Math.max(1, trainer.step()));
  const words = () => {
    const { rates, most } = curve();
    const ends = `${formatSetting(rates[0])} at step 1 and ${formatSetting(rates.at(-1))} at step ${formatCount(horizon())}`;
    return `Learning rate over the steps: ${ends}, at most ${formatSetting(most)}.`;
  };
  return (
    <figure class="schedule">
      <span class="most" aria-hidden="true">
        <i class="math">η</i> {formatSetting(curve().most)}
      </span>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={words()}>
        <path class="curve" d={path()} vector-effect="non-scaling-stroke" />
        <Show when={trainer.step() > 0}>
          <line
            class="now"
            x1={x(trainer.step())}
            x2={x(trainer.step())}
            y1="0"
            y2={HEIGHT}
            vector-effect="non-scaling-stroke"
          />
        </Show>
      </svg>
      <span class="least" aria-hidden="true">
        0
      </span>
      <figcaption>
        <span>1</span>
        <span>{trainer.step() > 0 ? `step ${formatCount(trainer.step())}: ${formatSetting(now())}` : "step"}</span>
        <span>{formatCount(horizon())}</span>
      </figcaption>
    </figure>
  );
}
