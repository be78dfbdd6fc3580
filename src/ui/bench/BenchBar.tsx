import { For, Show } from "solid-js";
import { measurementsOf } from "../../bench/analysis.ts";
import type { BenchDevice } from "../../bench/kinds.ts";
import { formatMeasured } from "../../bench/wording.ts";
import { Brand } from "../bar/Brand.tsx";
import { Icon } from "../Icon.tsx";
import { Status } from "../Status.tsx";
import { toggleTheme } from "../theme.ts";
import type { BenchPage } from "./createBenchPage.ts";

const nothing = { measurements: [] };

/** Start and stop, and how far the measurement is. */
export function BenchBar(props: { readonly page: BenchPage }) {
  const best = (device: BenchDevice) => {
    const rates = measurementsOf(props.page.report() ?? nothing, "product").filter((rate) => rate.device === device);
    return rates.length === 0 ? undefined : Math.max(...rates.map(({ gflops }) => gflops.median));
  };
  const measured = () => {
    const progress = props.page.progress();
    return progress === undefined || progress.all === 0 ? "–" : `${progress.done} of ${progress.all}`;
  };
  const counters = [
    { name: "Measured", value: measured },
    { name: "Elapsed, s", value: () => props.page.progress()?.seconds.toFixed(0) ?? "–" },
    { name: "Best GFLOP/s, GPU", value: () => formatMeasured(best("webgpu")) },
    { name: "Best GFLOP/s, CPU", value: () => formatMeasured(best("cpu")) },
  ] as const;
  return (
    <header class="top">
      <Brand page="Benchmark" />
      <div class="drive">
        <RunButton page={props.page} />
        <dl class="counters">
          <For each={counters}>
            {({ name, value }) => (
              <div class="counter">
                <dt>{name}</dt>
                <dd>
                  <Status name={name} value={value()} />
                </dd>
              </div>
            )}
          </For>
        </dl>
      </div>
      <div class="tools">
        <button
          type="button"
          class="btn ico"
          aria-label="Switch between light and dark"
          title="Light or dark"
          onClick={toggleTheme}
        >
          <Icon glyph="theme" />
        </button>
      </div>
    </header>
  );
}

function RunButton(props: { readonly page: BenchPage }) {
  const label = () => {
    if (props.page.running()) return "Cancel";
    return props.page.report() === undefined ? "Run" : "Run again";
  };
  const press = () => (props.page.running() ? props.page.cancel() : props.page.run());
  return (
    <div class="transport">
      <button type="button" class="play" aria-label={label()} title={label()} onClick={press}>
        <Show when={props.page.running()} fallback={<Icon glyph="play" />}>
          <Icon glyph="pause" />
        </Show>
      </button>
      <span class="runlab" aria-hidden="true">
        {label()}
      </span>
    </div>
  );
}
