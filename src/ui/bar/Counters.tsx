import { For } from "solid-js";
import { formatCount, formatProgress } from "../../lib/format.ts";
import { usePlayground } from "../playground.ts";
import { clockOf } from "../plots/source.ts";
import { Status } from "../Status.tsx";

/** How far and how fast. */
export function Counters() {
  const { trainer, store } = usePlayground();
  /** As the plots' axis counts them: epochs that are done, and the part of the next one that is. */
  const epochs = () => {
    const examples = trainer.summary()?.counts.train;
    if (examples === undefined) return undefined;
    return clockOf({ ...store.config().compute, examples }, trainer.history).epochsAt(trainer.step());
  };
  const counters = [
    {
      name: "Step",
      short: "Step",
      class: "c-step",
      value: () => formatCount(trainer.summary() === undefined ? undefined : trainer.step()),
    },
    { name: "Epoch", short: "Epoch", class: "c-epoch", value: () => formatProgress(epochs()) },
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
