import { Show } from "solid-js";
import { formatCount } from "../../lib/format.ts";
import { initializers } from "../../session/config.ts";
import { modelFields, registries } from "../../session/fields.ts";
import { MemberControls } from "../controls/MemberControls.tsx";
import { NumberControl } from "../controls/NumberControl.tsx";
import { usePlayground } from "../playground.ts";
import { Card, More } from "./Card.tsx";
import { Layers } from "./Layers.tsx";
import { SeedControl } from "./SeedControl.tsx";

/** What is trained: the layers and how their weights start. */
export function ModelCard() {
  const { store, trainer } = usePlayground();
  const model = () => store.config().model;
  const base = () => store.baseline().model.initializer;
  const change = (part: Readonly<Record<string, unknown>>) =>
    store.change({ ...store.config(), model: { ...model(), ...part } });
  const start = () => `${initializers[model().initializer.kind].label}, seed ${model().seed}`;
  const shape = () => {
    const summary = trainer.summary();
    const hidden = model().layers.map((layer) => layer.width);
    if (summary === undefined || trainer.preparing()) return hidden.join(" – ");
    const outputs = summary.targetNames.length;
    return [summary.featureNames.length, ...hidden, outputs].join(" – ");
  };
  return (
    <Card number={2} title="Model" summary={shape()}>
      <Layers layers={model().layers} onChange={(layers) => change({ layers })} />
      <NumberControl
        parameter={modelFields.dropout}
        value={model().dropout}
        baseline={store.baseline().model.dropout}
        onChange={(dropout) => change({ dropout })}
      />
      <More label="Initial weights" summary={start()}>
        <MemberControls
          label="Initializer"
          field={registries.initializer}
          value={model().initializer}
          baseline={base()}
          onChange={(initializer) => change({ initializer })}
        />
        <SeedControl
          parameter={{ ...modelFields.seed, label: "Weight seed" }}
          draw="Draw other weights"
          value={model().seed}
          onChange={(seed) => change({ seed })}
        />
      </More>
      <Show when={trainer.summary()}>
        {(summary) => (
          <p class="note">
            {shape()}, {formatCount(summary().parameterCount)} parameters
          </p>
        )}
      </Show>
    </Card>
  );
}
