import { Show } from "solid-js";
import { defaultsOf } from "../../lib/hyperparameters.ts";
import { losses } from "../../session/config.ts";
import { Choice, type Option } from "../controls/Choice.tsx";
import { Hyperparameters } from "../controls/Hyperparameters.tsx";
import { baselineOf, definitionIn, valuesOf } from "../definition.ts";
import { usePlayground } from "../playground.ts";
import { Card } from "./Card.tsx";

const asks = { classification: "needs classes", regression: "needs numbers" } as const;

/** What training makes small. */
export function LossCard() {
  const { store, task } = usePlayground();
  const loss = () => store.config().loss;
  const base = () => store.baseline().loss;
  const change = (next: unknown) => store.change({ ...store.config(), loss: next });
  const options = (): readonly Option[] =>
    Object.entries(losses).map(([value, definition]) => ({
      value,
      label: definition.label,
      unfit: task() === undefined || definition.task === task() ? undefined : asks[definition.task],
    }));
  const sourceOf = () => losses[loss().kind].source;
  return (
    <Card number={3} title="Loss" summary={losses[loss().kind].label}>
      <Choice
        label="Loss"
        options={options()}
        value={loss().kind}
        changed={loss().kind !== base().kind}
        source={sourceOf()}
        onChange={(kind) => {
          const definition = definitionIn(losses, kind);
          if (definition) change({ kind, ...defaultsOf(definition.hyperparameters) });
        }}
      />
      <Show when={definitionIn(losses, loss().kind)}>
        {(definition) => (
          <Hyperparameters
            descriptions={definition().hyperparameters}
            values={valuesOf(loss())}
            baseline={baselineOf(base(), loss())}
            onChange={(values) => change({ kind: loss().kind, ...values })}
          />
        )}
      </Show>
    </Card>
  );
}
