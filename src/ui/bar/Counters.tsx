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
      class: "c-step",
      value: () => formatCount(trainer.summary() === undefined ? undefined : trainer.step()),
    },
    { name: "Epoch", class: "c-epoch", value: () => formatCount(trainer.readings().epoch) },
    { name: "Steps per second", class: "c-rate", value: () => formatCount(trainer.readings().stepsPerSecond) },
  ] as const;
  return (
    <dl class="counters">
      <For each={counters}>
        {(counter) => (
          <div class={`counter ${counter.class}`}>
            <dt>{counter.name}</dt>
            <dd>
              <Status name={counter.name} value={counter.value()} />
            </dd>
          </div>
        )}
      </For>
    </dl>
  );
}
