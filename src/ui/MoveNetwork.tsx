import { For, Show } from "solid-js";
import { formatCount, formatCounted, formatMeasure } from "../lib/format.ts";
import { activations } from "../session/config.ts";
import type { LayerNumber, MoveReport, NamedNumber } from "../session/moveReport.ts";
import { usePlayground } from "./playground.ts";

const names: Readonly<Record<MoveReport["move"], string>> = {
  forward: "Forward",
  loss: "Loss",
  backward: "Backward",
  update: "Update",
};

/** More units than this are drawn without gaps between them. */
const mostApart = 48;

/** What a single move gave, on the network: of each layer and each of its units, or of the whole. */
export default function MoveNetwork(props: { readonly report: MoveReport }) {
  const layers = () => props.report.layers;
  return (
    <section class="given" aria-label="What the move gave">
      <p>
        <b>{names[props.report.move]}</b> of step {formatCount(props.report.step)}
        <Show when={layers().length > 0}>
          <span class="dim3">: {props.report.unit}, by layer and unit</span>
        </Show>
      </p>
      <Show when={layers().length > 0} fallback={<Numbers numbers={props.report.numbers} />}>
        <Layers layers={layers()} goesBack={props.report.move === "backward"} />
      </Show>
    </section>
  );
}

function Numbers(props: { readonly numbers: readonly NamedNumber[] }) {
  return (
    <dl class="numbers">
      <For each={props.numbers}>
        {({ name, value }) => (
          <div>
            <dt>{name}</dt>
            <dd>{Number.isInteger(value) ? formatCount(value) : formatMeasure(value)}</dd>
          </div>
        )}
      </For>
    </dl>
  );
}

/** The network from its inputs on; arrows between the layers go the way of the move. */
function Layers(props: { readonly layers: readonly LayerNumber[]; readonly goesBack: boolean }) {
  const { store } = usePlayground();
  const largest = () => Math.max(...props.layers.flatMap(({ units }) => units), Number.MIN_VALUE);
  const kindOf = (layer: number, { length }: LayerNumber["units"]) => {
    const hidden = store.config().model.layers[layer];
    if (hidden === undefined) return formatCounted(length, "output");
    return `${formatCount(length)} ${activations[hidden.activation].label}`;
  };
  return (
    <dl class="net" classList={{ back: props.goesBack }}>
      <For each={props.layers}>
        {({ name, value, units }, index) => (
          <div>
            <dt>
              {name} <span class="dim3">{kindOf(index(), units)}</span>
            </dt>
            <dd>{formatMeasure(value)}</dd>
            <Units units={units} largest={largest()} />
          </div>
        )}
      </For>
    </dl>
  );
}

/** Each unit of a layer, the darker the larger its number is beside those of the whole network. */
function Units(props: { readonly units: readonly number[]; readonly largest: number }) {
  return (
    <dd class="units" classList={{ dense: props.units.length > mostApart }} aria-hidden="true">
      <For each={props.units}>{(value) => <i style={{ opacity: Math.min(1, value / props.largest) }} />}</For>
    </dd>
  );
}
