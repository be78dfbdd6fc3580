import { Show } from "solid-js";
import { formatCount } from "../../lib/format.ts";
import { defaultsOf } from "../../lib/hyperparameters.ts";
import { initializers } from "../../session/config.ts";
import { modelFields } from "../../session/fields.ts";
import { Choice, optionsOf } from "../controls/Choice.tsx";
import { Hyperparameters } from "../controls/Hyperparameters.tsx";
import { baselineOf, definitionIn, valuesOf } from "../definition.ts";
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
      <More label="Initial weights" summary={start()}>
        <Choice
          label="Initializer"
          options={optionsOf(initializers)}
          value={model().initializer.kind}
          changed={model().initializer.kind !== base().kind}
          onChange={(kind) => {
            const definition = definitionIn(initializers, kind);
            if (definition) change({ initializer: { kind, ...defaultsOf(definition.hyperparameters) } });
          }}
        />
        <Show when={definitionIn(initializers, model().initializer.kind)}>
          {(definition) => (
            <Hyperparameters
              descriptions={definition().hyperparameters}
              values={valuesOf(model().initializer)}
              baseline={baselineOf(base(), model().initializer)}
              onChange={(values) => change({ initializer: { kind: model().initializer.kind, ...values } })}
            />
          )}
        </Show>
        <SeedControl
          parameter={{ ...modelFields.seed, label: "Weight seed" }}
          draw="Draw other weights"
          value={model().seed}
          onChange={(seed) => change({ seed })}
        />
      </More>
      <p class="note">
        {shape()}, {formatCount(trainer.summary()?.parameterCount)} parameters
      </p>
    </Card>
  );
}
