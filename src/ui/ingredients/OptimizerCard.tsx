import { Show } from "solid-js";
import { learningRateAt } from "../../engine/schedules/schedule.ts";
import { formatSetting } from "../../lib/format.ts";
import { clippings, optimizers, schedules } from "../../session/config.ts";
import { optimizerFields, registries } from "../../session/fields.ts";
import { MemberControls } from "../controls/MemberControls.tsx";
import { NumberControl } from "../controls/NumberControl.tsx";
import { Segmented } from "../controls/Segmented.tsx";
import { definitionIn, valuesOf } from "../definition.ts";
import { keptPerParameter } from "../optimizerMemory.ts";
import { usePlayground } from "../playground.ts";
import { batchOfStep } from "./batchOfStep.ts";
import { Card, More } from "./Card.tsx";
import { SchedulePreview } from "./SchedulePreview.tsx";

const scalings = Object.entries(optimizerFields.batchScaling.options).map(([value, label]) => ({ value, label }));

/** How gradients become steps. All of it can be changed while the run goes on. */
export function OptimizerCard() {
  const { store, trainer } = usePlayground();
  const optimizer = () => store.config().optimizer;
  const base = () => store.baseline().optimizer;
  const change = (next: Readonly<Record<string, unknown>>) => store.change({ ...store.config(), optimizer: next });
  const changePart = (part: Readonly<Record<string, unknown>>) => change({ ...optimizer(), ...part });
  const label = () => definitionIn(optimizers, optimizer().kind)?.label ?? "";
  const kept = () => {
    const numbers = trainer.preparing() ? undefined : trainer.summary()?.statePerParameter;
    return numbers === undefined ? undefined : keptPerParameter(label(), numbers);
  };
  return (
    <Card number={4} title="Optimizer" summary={label()}>
      <MemberControls
        label="Optimizer"
        field={registries.optimizer}
        ownOnly
        value={optimizer()}
        baseline={base()}
        onChange={change}
      />
      <Show when={kept()}>{(text) => <p class="note">{text()}</p>}</Show>
      <BatchScaling />
      <More label="Schedule" summary={definitionIn(schedules, optimizer().schedule.kind)?.label ?? ""}>
        <MemberControls
          label="Shape"
          field={registries.schedule}
          value={optimizer().schedule}
          baseline={base().schedule}
          onChange={(schedule) => changePart({ schedule })}
        />
        <SchedulePreview />
      </More>
      <More label="Clipping" summary={clippingSummary(optimizer().clipping)}>
        <MemberControls
          label="Clip by"
          field={registries.clipping}
          value={optimizer().clipping}
          baseline={base().clipping}
          onChange={(clipping) => changePart({ clipping })}
        />
      </More>
    </Card>
  );
}

/** The kind of clipping with its bound: "Global norm 1". */
function clippingSummary(clipping: { readonly kind: string }): string {
  const bounds = Object.values(valuesOf(clipping)).map((bound) => formatSetting(Number(bound)));
  return [definitionIn(clippings, clipping.kind)?.label ?? "", ...bounds].join(" ");
}

/** Whether the learning rate follows the size of the batch, and what that makes of it. */
function BatchScaling() {
  const { store, trainer } = usePlayground();
  const optimizer = () => store.config().optimizer;
  const change = (part: Readonly<Record<string, unknown>>) =>
    store.change({ ...store.config(), optimizer: { ...optimizer(), ...part } });
  const batch = () => batchOfStep(store.config(), trainer.summary());
  const scaled = () => {
    const unscheduled = { ...optimizer(), schedule: { kind: "constant", warmupSteps: 0 } } as const;
    const rate = formatSetting(learningRateAt(unscheduled, batch(), 1));
    return `${formatSetting(optimizer().learningRate)} becomes ${rate} for a batch of ${batch().batchSize * batch().accumulation}.`;
  };
  return (
    <>
      <Segmented
        label={optimizerFields.batchScaling.label}
        options={scalings}
        value={optimizer().batchScaling}
        help={optimizerFields.batchScaling.help}
        onChange={(batchScaling) => change({ batchScaling })}
      />
      <Show when={optimizer().batchScaling !== "none"}>
        <NumberControl
          parameter={optimizerFields.referenceBatch}
          value={optimizer().referenceBatch}
          baseline={store.baseline().optimizer.referenceBatch}
          onChange={(referenceBatch) => change({ referenceBatch })}
        />
        <p class="note">{scaled()}</p>
      </Show>
    </>
  );
}
