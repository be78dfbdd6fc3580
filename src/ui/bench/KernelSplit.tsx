import { createMemo, For, Show } from "solid-js";
import { kernelRows, measurementsOf, moveTimes, restOf, splitOf } from "../../bench/analysis.ts";
import { deviceTitles } from "../../bench/kinds.ts";
import type { Report, StepSplit } from "../../bench/report.ts";
import { networkName } from "../../bench/suites.ts";
import { formatMeasured } from "../../bench/wording.ts";

/** Least share of a bar that has room for its number. */
const numberedShare = 0.045;

/** The kernels of one step, in their order: their shares as a bar per device, their times as a table. */
export function KernelSplit(props: { readonly report: Report }) {
  const splits = createMemo(() => measurementsOf(props.report, "split"));
  return (
    <Show when={splits()[0]}>
      {(first) => (
        <section class="split" aria-label="Where the time goes">
          <header>
            <h2>
              Where the time goes at batch {first().batch}, MLP {networkName(first().width)}
            </h2>
            <span class="dim3">numbers match the table</span>
          </header>
          <For each={splits()}>{(split) => <Bar split={split} />}</For>
          <KernelTable report={props.report} />
          <p class="note">
            <For each={splits()}>{(split) => <span>{clockText(split)} </span>}</For>
          </p>
        </section>
      )}
    </Show>
  );
}

const clockText = ({ device, clock }: StepSplit): string =>
  clock === "device"
    ? `${deviceTitles[device]}: timed in training by the device's own clock.`
    : `${deviceTitles[device]}: each kernel repeated alone, with its operands in the caches.`;

function Bar(props: { readonly split: StepSplit }) {
  const parts = () => [
    ...props.split.kernels.map(({ move, ms }, index) => ({ move: move as string, ms, text: String(index + 1) })),
    { move: "rest", ms: restOf(props.split), text: "" },
  ];
  const total = () => parts().reduce((sum, { ms }) => sum + ms, 0);
  return (
    <div class="stackrow">
      <span>{deviceTitles[props.split.device]}</span>
      <div class="stack" role="img" aria-label={`Share of each kernel, ${deviceTitles[props.split.device]}`}>
        <For each={parts()}>
          {({ move, ms, text }) => (
            <i class={`on-${move}`} style={{ "flex-grow": ms / total() }}>
              {ms / total() > numberedShare ? text : ""}
            </i>
          )}
        </For>
      </div>
      <b>{formatMeasured(props.split.stepMs)} ms</b>
    </div>
  );
}

interface TableRow {
  readonly move: string;
  readonly number: string;
  readonly name: string;
  readonly cpu: number | undefined;
  readonly webgpu: number | undefined;
  readonly isSum: boolean;
}

/** Kernels, then what is left of the step, then the sums of the moves. */
function tableRows(report: Report): readonly TableRow[] {
  const [cpu, webgpu] = [splitOf(report, "cpu"), splitOf(report, "webgpu")];
  const some = cpu ?? webgpu;
  const [onCpu, onGpu] = [cpu && moveTimes(cpu), webgpu && moveTimes(webgpu)];
  const kernels = kernelRows(report).map(
    ({ number, kernel, move, ...ms }): TableRow => ({
      ...{ move, number: String(number), name: kernel, isSum: false },
      ...{ cpu: ms.cpu, webgpu: ms.webgpu },
    }),
  );
  const rest = { move: "rest", number: "", name: "Launch and wait", isSum: false };
  const sums = [...(some === undefined ? [] : moveTimes(some).keys())].map(
    (move): TableRow => ({
      ...{ move, number: "", name: `All of ${move}`, isSum: true },
      ...{ cpu: onCpu?.get(move), webgpu: onGpu?.get(move) },
    }),
  );
  return [...kernels, { ...rest, cpu: cpu && restOf(cpu), webgpu: webgpu && restOf(webgpu) }, ...sums];
}

function KernelTable(props: { readonly report: Report }) {
  const ratio = ({ cpu, webgpu }: TableRow) =>
    cpu !== undefined && webgpu !== undefined && webgpu > 0 ? cpu / webgpu : undefined;
  return (
    <table class="results kernels">
      <caption class="sr">Milliseconds of each kernel and move of one training step</caption>
      <thead>
        <tr>
          <th scope="col">Kernel</th>
          <th scope="col">GPU ms</th>
          <th scope="col">CPU ms</th>
          <th scope="col">Ratio</th>
        </tr>
      </thead>
      <tbody>
        <For each={tableRows(props.report)}>
          {(row) => (
            <tr classList={{ sum: row.isSum }}>
              <th scope="row">
                <i class={`sq on-${row.move}`} />
                <span class="dim3 n">{row.number}</span> {row.name}
              </th>
              <td>{formatMeasured(row.webgpu)}</td>
              <td>{formatMeasured(row.cpu)}</td>
              <td class="dim">{formatMeasured(ratio(row))}</td>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  );
}
