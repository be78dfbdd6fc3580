import { Show } from "solid-js";
import { defaultsOf } from "../../lib/hyperparameters.ts";
import { optimizers } from "../../session/config.ts";
import { Choice, optionsOf } from "../controls/Choice.tsx";
import { Hyperparameters } from "../controls/Hyperparameters.tsx";
import { baselineOf, definitionIn, valuesOf } from "../definition.ts";
import { usePlayground } from "../playground.ts";
import { Card } from "./Card.tsx";

/** How gradients become steps. Its numbers can be changed while the run goes on. */
export function OptimizerCard() {
  const { store } = usePlayground();
  const optimizer = () => store.config().optimizer;
  const base = () => store.baseline().optimizer;
  const change = (next: unknown) => store.change({ ...store.config(), optimizer: next });
  const sourceOf = () => optimizers[optimizer().kind].source;
  return (
    <Card number={4} title="Optimizer" summary={optimizers[optimizer().kind].label}>
      <Choice
        label="Optimizer"
        options={optionsOf(optimizers)}
        value={optimizer().kind}
        changed={optimizer().kind !== base().kind}
        source={sourceOf()}
        onChange={(kind) => {
          const definition = definitionIn(optimizers, kind);
          if (definition) change({ kind, ...defaultsOf(definition.hyperparameters) });
        }}
      />
      <Show when={definitionIn(optimizers, optimizer().kind)}>
        {(definition) => (
          <Hyperparameters
            descriptions={definition().hyperparameters}
            values={valuesOf(optimizer())}
            baseline={baselineOf(base(), optimizer())}
            onChange={(values) => change({ kind: optimizer().kind, ...values })}
          />
        )}
      </Show>
    </Card>
  );
}
