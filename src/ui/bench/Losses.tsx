import { For, Show } from "solid-js";
import { LOSS_TOLERANCE, lossAgreement, measurementsOf } from "../../bench/analysis.ts";
import { deviceTitles } from "../../bench/kinds.ts";
import type { Report } from "../../bench/report.ts";
import { formatMeasured } from "../../bench/wording.ts";
import { formatReading, formatSetting } from "../../lib/format.ts";

/** The losses of both devices side by side, so that neither is fast by being wrong, and what every run costs. */
export function Losses(props: { readonly report: Report }) {
  return (
    <>
      <LossTable report={props.report} />
      <FixedCosts report={props.report} />
    </>
  );
}

function LossTable(props: { readonly report: Report }) {
  const agreement = () => lossAgreement(props.report);
  const verdict = () => {
    const { difference } = agreement();
    if (difference === undefined) return "Only one device was measured.";
    const words = difference <= LOSS_TOLERANCE ? "The devices agree" : "The devices disagree";
    return `${words}: largest difference ${formatSetting(difference, 2)} of the loss.`;
  };
  return (
    <Show when={agreement().checks[0]}>
      {(first) => (
        <section class="products">
          <table class="results">
            <caption>
              <b>Loss reached</b>
              <span>same data, weights and batches</span>
            </caption>
            <thead>
              <tr>
                <th scope="col">Device</th>
                <For each={first().steps}>{(step) => <th scope="col">step {step}</th>}</For>
              </tr>
            </thead>
            <tbody>
              <For each={agreement().checks}>
                {({ device, losses }) => (
                  <tr>
                    <th scope="row">{deviceTitles[device]}</th>
                    <For each={losses}>{(loss) => <td>{formatReading(loss)}</td>}</For>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
          <p class="note">{verdict()}</p>
        </section>
      )}
    </Show>
  );
}

function FixedCosts(props: { readonly report: Report }) {
  const costs = () => measurementsOf(props.report, "fixed");
  return (
    <Show when={costs().length > 0}>
      <section class="products">
        <table class="results">
          <caption>
            <b>Fixed costs, ms</b>
          </caption>
          <thead>
            <tr>
              <th scope="col">Device</th>
              <th scope="col">first loss</th>
              <th scope="col">submit, wait</th>
              <th scope="col">read 4 B</th>
            </tr>
          </thead>
          <tbody>
            <For each={costs()}>
              {({ device, firstStepMs, submitMs, readMs }) => (
                <tr>
                  <th scope="row">{deviceTitles[device]}</th>
                  <td>{formatMeasured(firstStepMs)}</td>
                  <td>{formatMeasured(submitMs.median)}</td>
                  <td>{formatMeasured(readMs.median)}</td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
        <p class="note">The first loss includes opening the device, compiling its kernels and uploading the data.</p>
      </section>
    </Show>
  );
}
