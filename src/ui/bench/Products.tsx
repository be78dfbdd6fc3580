import { createSignal, For, Show } from "solid-js";
import { measurementsOf, peakOf, productRates } from "../../bench/analysis.ts";
import { benchDevices, layouts, type ProductLayout } from "../../bench/kinds.ts";
import type { DeviceFacts, Report } from "../../bench/report.ts";
import { formatMeasured } from "../../bench/wording.ts";
import { formatCount, formatPercent } from "../../lib/format.ts";
import { RadioGroup } from "../controls/RadioGroup.tsx";

const names: Readonly<Record<ProductLayout, string>> = { NN: "A·B", NT: "A·Bᵀ", TN: "Aᵀ·B" };

/** Speed of square matrix products by size, each device against the best product that it made here. */
export function Products(props: { readonly report: Report }) {
  const [chosen, choose] = createSignal<ProductLayout>("NN");
  const measured = () => {
    const found = new Set(measurementsOf(props.report, "product").map(({ layout }) => layout));
    return layouts.filter((layout) => found.has(layout));
  };
  const devices = () =>
    benchDevices.toReversed().flatMap((kind) => props.report.devices.find((device) => device.kind === kind) ?? []);
  return (
    <section class="products" aria-label="Matrix product" hidden={measured().length === 0}>
      <header>
        <h2>Matrix product</h2>
        <Show when={measured().length > 1}>
          <RadioGroup
            name={{ label: "Which factor is transposed" }}
            options={measured().map((value) => ({ value, label: names[value] }))}
            value={chosen()}
            onChange={choose}
          />
        </Show>
      </header>
      <For each={devices()}>{(device) => <ProductTable report={props.report} device={device} layout={chosen()} />}</For>
    </section>
  );
}

function ProductTable(props: {
  readonly report: Report;
  readonly device: DeviceFacts;
  readonly layout: ProductLayout;
}) {
  const rates = () => productRates(props.report, props.device.kind, props.layout);
  const peak = () => peakOf(props.report, props.device.kind);
  const shareOf = (gflops: number) => gflops / (peak()?.gflops ?? gflops);
  return (
    <Show when={rates().length > 0}>
      <table class={`results rates ${props.device.kind}`}>
        <caption>
          <b>{props.device.label}, f32</b>
          <span>
            {peak()?.from} {formatMeasured(peak()?.gflops)} GFLOP/s
          </span>
        </caption>
        <thead>
          <tr>
            <th scope="col">n × n × n</th>
            <th scope="col">GFLOP/s</th>
            <td />
            <th scope="col">of that</th>
          </tr>
        </thead>
        <tbody>
          <For each={rates()}>
            {({ size, gflops }) => (
              <tr>
                <th scope="row">{formatCount(size)}</th>
                <td title={`10th to 90th percentile ${formatMeasured(gflops.low)} to ${formatMeasured(gflops.high)}`}>
                  {formatMeasured(gflops.median)}
                </td>
                <td class="barcell">
                  <i style={{ width: `${100 * shareOf(gflops.median)}%` }} />
                </td>
                <td class="dim">{formatPercent(shareOf(gflops.median))}</td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </Show>
  );
}
