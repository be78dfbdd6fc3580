import { For, Show } from "solid-js";
import { formatBytes, formatCount } from "../../lib/format.ts";
import type { NumberParameter } from "../../lib/hyperparameters.ts";
import type { DeviceChoice, Order, Precision } from "../../session/config.ts";
import { computeFields, stoppingFields } from "../../session/fields.ts";
import { checkpointingInWords, scalingInWords, storageInWords } from "../computeNotes.ts";
import { Hyperparameters } from "../controls/Hyperparameters.tsx";
import { NumberControl } from "../controls/NumberControl.tsx";
import { Segmented } from "../controls/Segmented.tsx";
import { Toggle } from "../controls/Toggle.tsx";
import { usePlayground } from "../playground.ts";
import { batchOfStep } from "./batchOfStep.ts";
import { Card, More } from "./Card.tsx";

const batchSize: NumberParameter = { ...computeFields.batchSize, symbol: "B", slider: [1, 1024] };
const devices: Readonly<Record<DeviceChoice, string>> = { auto: "Auto", webgpu: "GPU", cpu: "CPU" };
const precisions: Readonly<Record<Precision, string>> = { f32: "f32", f16: "f16", bf16: "bf16" };
/** What keeps gradients in range where half precision has too little of it. */
const scalingFields = {
  lossScaling: computeFields.lossScaling,
  initialLossScale: computeFields.initialLossScale,
  growthInterval: computeFields.growthInterval,
};
const orders: Readonly<Record<Order, string>> = { shuffled: "shuffled", sequential: "as given" };

const options = (labels: Readonly<Record<string, string>>) =>
  Object.entries(labels).map(([value, label]) => ({ value, label }));

/** Where and how the run is computed. */
export function ComputeCard() {
  const { store, trainer } = usePlayground();
  const compute = () => store.config().compute;
  const change = (part: Readonly<Record<string, unknown>>) =>
    store.change({ ...store.config(), compute: { ...compute(), ...part } });
  const base = () => store.baseline().compute;
  /** Of the run of these settings, once there is one. */
  const known = () => (trainer.preparing() ? undefined : trainer.summary());
  /** Examples that a batch really has. */
  const taken = () => batchOfStep(store.config(), known()).batchSize;
  const summary = () => `Batch ${taken()}, ${compute().precision}, ${devices[compute().device]}`;
  return (
    <Card number={5} title="Compute" summary={summary()}>
      <Segmented
        label="Device"
        options={options(devices)}
        value={compute().device}
        help={computeFields.device.help}
        onChange={(device) => change({ device })}
      />
      <Show when={trainer.summary()?.device}>
        {(device) => (
          <p class="note">
            {device().label}, {device().reason}
          </p>
        )}
      </Show>
      <Segmented
        label="Precision"
        options={options(precisions)}
        value={compute().precision}
        help={computeFields.precision.help}
        onChange={(precision) => change({ precision })}
      />
      <Show when={compute().precision !== "f32" && known()}>
        {(run) => <p class="note">{storageInWords(compute().precision, run().bytesPerNumber)}</p>}
      </Show>
      <Show when={compute().precision === "f16"}>
        <Hyperparameters
          descriptions={scalingFields}
          values={{ ...compute() }}
          baseline={{ ...base() }}
          onChange={change}
        />
        <Scaling />
      </Show>
      <NumberControl
        parameter={batchSize}
        value={compute().batchSize}
        baseline={base().batchSize}
        onChange={(size) => change({ batchSize: size })}
      />
      <Show when={taken() < compute().batchSize}>
        <p class="note">The training split has {formatCount(taken())} examples: a batch is all of them.</p>
      </Show>
      <NumberControl
        parameter={computeFields.accumulation}
        value={compute().accumulation}
        baseline={base().accumulation}
        onChange={(accumulation) => change({ accumulation })}
      />
      <Segmented
        label="Order"
        options={options(orders)}
        value={compute().order}
        help={computeFields.order.help}
        onChange={(order) => change({ order })}
      />
      <Toggle
        label={computeFields.checkpointing.label}
        value={compute().checkpointing}
        changed={compute().checkpointing !== base().checkpointing}
        help={computeFields.checkpointing.help}
        onChange={(checkpointing) => change({ checkpointing })}
      />
      <Show when={known()?.checkpointing}>
        {(cost) => <p class="note">{checkpointingInWords(cost(), compute().checkpointing)}</p>}
      </Show>
      <Toggle
        label={computeFields.deterministic.label}
        value={compute().deterministic}
        changed={compute().deterministic !== base().deterministic}
        help={computeFields.deterministic.help}
        onChange={(deterministic) => change({ deterministic })}
      />
      <Stopping />
      <Memory />
    </Card>
  );
}

/** What the loss is multiplied by now, and how often that was too much. */
function Scaling() {
  const { trainer } = usePlayground();
  return (
    <Show when={trainer.scaling()}>
      {(scaling) => <p class="note">{scalingInWords(scaling().lossScale, scaling().skipped, trainer.step())}</p>}
    </Show>
  );
}

/** When the run ends by itself. */
function Stopping() {
  const { store } = usePlayground();
  const stopping = () => store.config().stopping;
  const summary = () => {
    const { steps, epochs, seconds, patience } = stopping();
    const parts = [
      ...(steps === 0 ? [] : [`${formatCount(steps)} steps`]),
      ...(epochs === 0 ? [] : [`${formatCount(epochs)} epochs`]),
      ...(seconds === 0 ? [] : [`${formatCount(seconds)} s`]),
      ...(patience === 0 ? [] : [`patience ${formatCount(patience)}`]),
    ];
    return parts.join(", ") || "never";
  };
  return (
    <More label="Stop after" summary={summary()}>
      <Hyperparameters
        descriptions={stoppingFields}
        values={{ ...stopping() }}
        baseline={{ ...store.baseline().stopping }}
        onChange={(values) => store.change({ ...store.config(), stopping: values })}
      />
      <p class="note">0 is no limit. Patience counts epochs without a better validation loss.</p>
    </More>
  );
}

/** Device memory by what it is for. */
function Memory() {
  const { trainer } = usePlayground();
  return (
    <Show when={trainer.summary()}>
      {(summary) => (
        <dl class="memory" aria-label="Device memory by use">
          <div>
            <dt>memory in use</dt>
            <dd>
              <data value={trainer.liveBytes()}>{formatBytes(trainer.liveBytes() ?? 0)}</data>
            </dd>
          </div>
          <For each={Object.entries(summary().memory)}>
            {([role, bytes]) => (
              <div>
                <dt>{role}</dt>
                <dd>{formatBytes(bytes)}</dd>
              </div>
            )}
          </For>
        </dl>
      )}
    </Show>
  );
}
