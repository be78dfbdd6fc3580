import { createMemo, Show } from "solid-js";
import { type Loss, lossNeeds } from "../../engine/losses/loss.ts";
import { formatSetting } from "../../lib/format.ts";
import { losses } from "../../session/config.ts";
import { lossFields, registries } from "../../session/fields.ts";
import type { Option } from "../controls/Choice.tsx";
import { Hyperparameters } from "../controls/Hyperparameters.tsx";
import { MemberControls } from "../controls/MemberControls.tsx";
import { definitionIn, valuesOf } from "../definition.ts";
import { usePlayground } from "../playground.ts";
import { Card, More } from "./Card.tsx";

/** What the data is, and so why some losses cannot be chosen. */
const limits = {
  classification: "The data has classes, so losses for numbers do not fit.",
  regression: "The data has numbers as targets, so losses for classes do not fit.",
} as const;

/** What training makes small. */
export function LossCard() {
  const { store, trainer, task } = usePlayground();
  const loss = () => store.config().loss;
  const base = () => store.baseline().loss;
  const change = (next: unknown) => store.change({ ...store.config(), loss: next });
  const classes = () => (trainer.preparing() ? undefined : trainer.summary()?.targetNames.length);
  const unfit = (definition: Loss) => {
    const asked = task();
    const needed = asked && lossNeeds(definition, { task: asked, classes: classes() });
    return needed === undefined ? undefined : `needs ${needed}`;
  };
  const options = createMemo((): readonly Option[] =>
    Object.entries(losses).map(([value, definition]) => ({
      value,
      label: definition.label,
      unfit: unfit(definition),
    })),
  );
  const penalties = () => {
    const { l1, l2 } = loss();
    const parts = [...(l1 === 0 ? [] : [`L1 ${formatSetting(l1)}`]), ...(l2 === 0 ? [] : [`L2 ${formatSetting(l2)}`])];
    return parts.join(", ") || "none";
  };
  return (
    <Card number={3} title="Loss" summary={definitionIn(losses, loss().kind)?.label ?? ""}>
      <MemberControls
        label="Loss"
        field={registries.loss}
        options={options()}
        ownOnly
        value={loss()}
        baseline={base()}
        onChange={change}
      />
      <Show when={task()}>{(known) => <p class="note">{limits[known()]}</p>}</Show>
      <More label="Penalties" summary={penalties()}>
        <Hyperparameters
          descriptions={lossFields}
          values={valuesOf(loss())}
          baseline={{ l1: base().l1, l2: base().l2 }}
          onChange={(values) => change({ ...loss(), ...values })}
        />
        <p class="note">On weights, not biases. The losses shown are without them.</p>
      </More>
    </Card>
  );
}
