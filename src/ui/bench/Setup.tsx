import { For, Show } from "solid-js";
import { deviceTitles } from "../../bench/kinds.ts";
import type { Report } from "../../bench/report.ts";
import { isSuiteName, networkName, suites } from "../../bench/suites.ts";
import { formatBytes } from "../../lib/format.ts";
import { Choice, optionsOf } from "../controls/Choice.tsx";
import { Segmented } from "../controls/Segmented.tsx";
import type { BenchPage } from "./createBenchPage.ts";

/** What is measured, how, and on what machine. */
export function Setup(props: { readonly page: BenchPage }) {
  const widthOptions = () =>
    props.page.widths().map((width) => ({ value: String(width), label: `MLP ${networkName(width)}` }));
  const suite = () => suites[props.page.suite()];
  return (
    <aside class="ingredients" aria-label="Suite and environment">
      <section class="card setup">
        <h2>Workload</h2>
        <Segmented
          label="Suite"
          options={optionsOf(suites)}
          value={props.page.suite()}
          onChange={(name) => isSuiteName(name) && props.page.chooseSuite(name)}
        />
        <Choice
          label="Network"
          options={widthOptions()}
          value={String(props.page.width())}
          onChange={(width) => props.page.chooseWidth(Number(width))}
        />
        <p class="note">
          {suite().label}: {suite().duration}. Batches of {suite().batches[0]} to{" "}
          {suite().batches.at(-1)?.toLocaleString("en-US")} examples; ReLU, cross-entropy, Adam, float32. The step picks
          its batch, runs forward, loss, backward and update.
        </p>
      </section>
      <section class="card setup">
        <h2>Method</h2>
        <p class="note">
          Medians over up to {suite().rounds} rounds; the band is the 10th to 90th percentile. The devices take turns. A
          round ends when its last loss has been read. What would take too long is left out and listed.
        </p>
      </section>
      <section class="card setup">
        <h2>Environment</h2>
        <Show when={props.page.report()} fallback={<p class="note">Shown after the first run.</p>}>
          {(report) => <EnvironmentList report={report()} />}
        </Show>
      </section>
    </aside>
  );
}

function EnvironmentList(props: { readonly report: Report }) {
  const entries = (): readonly (readonly [name: string, value: string])[] => {
    const { adapter, features, bufferLimit, cores, browser, isolated } = props.report.environment;
    return [
      ["Adapter", adapter ?? "none"],
      ["Features", features?.join(", ") || "–"],
      ["Buffer limit", bufferLimit === undefined ? "–" : formatBytes(bufferLimit)],
      ...props.report.devices
        .filter(({ kind }) => kind === "cpu")
        .map(({ kind, label }) => [deviceTitles[kind], label.replace(/^.*? · /, "")] as const),
      ["Processor", cores === undefined ? "–" : `${cores} cores`],
      ["Shared memory", isolated ? "allowed" : "page not isolated"],
      ["Browser", browser],
    ];
  };
  return (
    <>
      <dl class="env">
        <For each={entries()}>
          {([name, value]) => (
            <div>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          )}
        </For>
      </dl>
      <Show when={props.report.devices.some(({ software }) => software)}>
        <p class="note">The GPU here is software that runs on the CPU: its times say nothing about a graphics card.</p>
      </Show>
      <Missing report={props.report} />
    </>
  );
}

function Missing(props: { readonly report: Report }) {
  const missing = () => props.report.measurements.filter((measurement) => measurement.kind === "missing");
  return (
    <Show when={missing().length > 0}>
      <details class="missing">
        <summary>Not measured: {missing().length}</summary>
        <ul class="note">
          <For each={missing()}>
            {({ device, what, reason }) => (
              <li>
                {what ?? deviceTitles[device]}: {reason}
              </li>
            )}
          </For>
        </ul>
      </details>
    </Show>
  );
}
