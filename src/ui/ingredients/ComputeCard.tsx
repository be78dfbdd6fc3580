import { For, Show } from "solid-js";
import { formatBytes } from "../../lib/format.ts";
import type { NumberParameter } from "../../lib/hyperparameters.ts";
import type { DeviceChoice, Order, Precision } from "../../session/config.ts";
import { computeFields } from "../../session/fields.ts";
import { NumberControl } from "../controls/NumberControl.tsx";
import { Segmented } from "../controls/Segmented.tsx";
import { Toggle } from "../controls/Toggle.tsx";
import { usePlayground } from "../playground.ts";
import { Card } from "./Card.tsx";

const batchSize: NumberParameter = { ...computeFields.batchSize, symbol: "B", slider: [1, 1024] };
const devices: Readonly<Record<DeviceChoice, string>> = { auto: "Auto", webgpu: "GPU", cpu: "CPU" };
const precisions: Readonly<Record<Precision, string>> = { f32: "f32" };
const orders: Readonly<Record<Order, string>> = { shuffled: "shuffled", sequential: "as given" };

const options = (labels: Readonly<Record<string, string>>) =>
  Object.entries(labels).map(([value, label]) => ({ value, label }));

/** Where and how the run is computed. */
export function ComputeCard() {
  const { store, trainer } = usePlayground();
  const compute = () => store.config().compute;
  const change = (part: Readonly<Record<string, unknown>>) =>
    store.change({ ...store.config(), compute: { ...compute(), ...part } });
  const summary = () => `Batch ${compute().batchSize}, ${compute().precision}, ${devices[compute().device]}`;
  return (
    <Card number={5} title="Compute" summary={summary()}>
      <Segmented
        label="Device"
        options={options(devices)}
        value={compute().device}
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
        onChange={(precision) => change({ precision })}
      />
      <NumberControl
        parameter={batchSize}
        value={compute().batchSize}
        baseline={store.baseline().compute.batchSize}
        onChange={(size) => change({ batchSize: size })}
      />
      <Segmented
        label="Order"
        options={options(orders)}
        value={compute().order}
        onChange={(order) => change({ order })}
      />
      <Toggle
        label={computeFields.deterministic.label}
        value={compute().deterministic}
        changed={compute().deterministic !== store.baseline().compute.deterministic}
        help={computeFields.deterministic.help}
        onChange={(deterministic) => change({ deterministic })}
      />
      <Show when={trainer.summary()}>
        {(summary) => (
          <dl class="memory" aria-label="Device memory by use">
            <div>
              <dt>in use</dt>
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
    </Card>
  );
}
