import { createMemo, For, Show } from "solid-js";
import { formatReading } from "../../lib/format.ts";
import { usePlayground } from "../playground.ts";
import { Status } from "../Status.tsx";
import "../styles/plots.css";
import * as plots from "./index.ts";
import type { Plot } from "./plot.ts";
import { UPlot } from "./UPlot.tsx";

function PlotFigure(props: { readonly plot: Plot }) {
  const { trainer } = usePlayground();
  const data = (points: number) => {
    trainer.version();
    return props.plot.data(trainer.history, points);
  };
  const isEmpty = createMemo(() => data(2).lines.every(({ x }) => x.length === 0));
  const first = createMemo(() => data(2).lines[0]?.y[0]);
  return (
    <figure class="plot" aria-label={props.plot.label} style={{ "flex-grow": props.plot.weight }}>
      <header>
        <h3>{props.plot.label}</h3>
        <For each={props.plot.readings}>
          {(reading) => (
            <span class="reading-of">
              <i class="swatch" style={{ "border-color": `var(${reading.token})` }} />
              {reading.label} <Status name={reading.name} value={formatReading(reading.value(trainer.readings()))} />
            </span>
          )}
        </For>
      </header>
      <Show when={isEmpty()}>
        <p class="empty-plot">The first point comes with the first step.</p>
      </Show>
      <UPlot styles={props.plot.styles} data={data} />
      <figcaption class="sr">{props.plot.describe(trainer.readings(), first(), trainer.step())}</figcaption>
    </figure>
  );
}

/** The tallest first. */
const byWeight = Object.values(plots).toSorted((a, b) => b.weight - a.weight);

/** Every plot of the registry, sharing the column's height. */
export function Plots() {
  return (
    <section class="plots" aria-label="Plots">
      <For each={byWeight}>{(plot) => <PlotFigure plot={plot} />}</For>
    </section>
  );
}
