import { For } from "solid-js";
import { formatCount } from "../../lib/format.ts";
import { usePlayground } from "../playground.ts";
import { Status } from "../Status.tsx";

/** How far and how fast. */
export function Counters() {
  const { trainer } = usePlayground();
  const counters = [
    {
      name: "Step",
      short: "Step",
      class: "c-step",
      value: () => formatCount(trainer.summary() === undefined ? undefined : trainer.step()),
    },
    { name: "Epoch", short: "Epoch", class: "c-epoch", value: () => formatCount(trainer.readings().epoch) },
    {
      name: "Steps per second",
      short: "Steps/s",
      class: "c-rate",
      value: () => formatCount(trainer.readings().stepsPerSecond),
    },
  ] as const;
  return (
    <dl class="counters">
      <For each={counters}>
        {(counter) => (
          <div class={`counter ${counter.class}`}>
            <dt>{counter.short}</dt>
            <dd>
              <Status name={counter.name} value={counter.value()} />
            </dd>
          </div>
        )}
      </For>
    </dl>
  );
}
