import { createMemo, onCleanup, onMount, Show } from "solid-js";
import { formatCount } from "../../lib/format.ts";
import { Icon } from "../Icon.tsx";
import { createPaced } from "../paced.ts";
import { usePlayground } from "../playground.ts";
import "../styles/tensors.css";
import { LayerTable } from "./LayerTable.tsx";
import { noiseInWords, withEstimate } from "./noise.ts";
import { RangeTable } from "./RangeTable.tsx";
import { formatShare } from "./share.ts";
import { thinned } from "./sparkline.ts";
import { TensorTable } from "./TensorTable.tsx";
import { troubleElsewhere } from "./trouble.ts";

/** Milliseconds between two drawings. */
const PACE = 250;
/** Points of a small curve. */
const SPARK_POINTS = 60;

/** What is known of every tensor of the run. The run is measured only while this is open. */
export default function Tensors() {
  const { store, trainer } = usePlayground();
  onMount(() => trainer.measure(true));
  onCleanup(() => trainer.measure(false));

  const now = createPaced(trainer.measured, trainer.playing, PACE);
  const past = createMemo(() => {
    now();
    return thinned(trainer.history.measured, SPARK_POINTS);
  });
  const estimates = createMemo<ReturnType<typeof withEstimate>>((before) => {
    const measured = trainer.measured();
    return measured === undefined ? [] : withEstimate(before, measured.step, measured.gradientNoise);
  }, []);
  const noise = () => {
    const { batchSize, accumulation } = store.config().compute;
    const examples = trainer.summary()?.counts.train ?? batchSize;
    return noiseInWords(estimates(), Math.min(batchSize, examples) * accumulation, examples);
  };
  return (
    <section class="tensors" aria-label="Tensors">
      <Show when={now()} fallback={<p class="nothing">Nothing is measured yet: it takes one step.</p>}>
        {(measurements) => (
          <>
            <p class="summary">
              <span>{noise()}</span>
              <span class="dim3">
                Measured at step {formatCount(measurements().step)}.
                <Show when={measurements().share}>
                  {(share) => <> Measuring takes {formatShare(share())} of the time.</>}
                </Show>
              </span>
            </p>
            <Show when={troubleElsewhere(measurements().tensors, trainer.broke())}>
              {(found) => (
                <p class="trouble elsewhere" data-kind={found().glyph}>
                  <Icon glyph={found().glyph} /> {found().text}
                </p>
              )}
            </Show>
            <TensorTable measurements={measurements()} past={past()} broke={trainer.broke()} />
            <Show when={measurements().layers.length > 0}>
              <LayerTable measured={measurements().layers} layers={store.config().model.layers} />
            </Show>
            <Show when={measurements().ranges}>
              {(ranges) => <RangeTable ranges={ranges()} precision={store.config().compute.precision} />}
            </Show>
          </>
        )}
      </Show>
      <HowToRead />
    </section>
  );
}

function HowToRead() {
  return (
    <details class="how">
      <summary>How to read this</summary>
      <p>
        Norms are the square root of the sum of squares. Histograms count values by size on a log scale: negative ones
        on the left, positive ones on the right, the smallest in the middle.
      </p>
      <p>
        Update / weight is how far a step moves a tensor, as a part of its size. About a thousandth (the band) is
        healthy for weight matrices; far above it training jumps about, far below it hardly learns.
      </p>
      <p>A dead unit has the same flat output for every example, so that no gradient passes it.</p>
    </details>
  );
}
