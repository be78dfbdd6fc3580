import { Show } from "solid-js";
import type { BenchClient } from "../../bench/client.ts";
import type { Report } from "../../bench/report.ts";
import { Icon } from "../Icon.tsx";
import { BenchBar } from "./BenchBar.tsx";
import { type BenchPage, createBenchPage } from "./createBenchPage.ts";
import { KernelSplit } from "./KernelSplit.tsx";
import { Losses } from "./Losses.tsx";
import { Products } from "./Products.tsx";
import { ResultLine } from "./ResultLine.tsx";
import { Setup } from "./Setup.tsx";
import { StepPlot } from "./StepPlot.tsx";
import { StepTable } from "./StepTable.tsx";
import "../tokens.css";
import "../styles/ground.css";
import "../styles/controls.css";
import "../styles/frame.css";
import "../styles/bar.css";
import "../styles/reading.css";
import "../styles/ingredients.css";
import "./bench.css";

/** The benchmark page. Layout only. */
export function BenchApp(props: { readonly client: BenchClient }) {
  const page = createBenchPage(props.client);
  return (
    <div class="app bench">
      <BenchBar page={page} />
      <div class="news">
        <Show when={page.failure()}>
          {(message) => (
            <section class="reading bad" role="alert">
              <Icon glyph="stop" class="mark" />
              <p>{message()}</p>
              <div class="acts">
                <button type="button" class="btn ico" aria-label="Dismiss this message" onClick={page.dismiss}>
                  <Icon glyph="close" />
                </button>
              </div>
            </section>
          )}
        </Show>
        <ResultLine page={page} />
      </div>
      <Setup page={page} />
      <Show when={page.report()} fallback={<Invitation page={page} />}>
        {(report) => <Results page={page} report={report()} />}
      </Show>
    </div>
  );
}

function Results(props: { readonly page: BenchPage; readonly report: Report }) {
  return (
    <>
      <main class="bview">
        <StepPlot report={props.report} width={props.page.width()} />
        <StepTable report={props.report} width={props.page.width()} />
        <KernelSplit report={props.report} />
      </main>
      <aside class="bside" aria-label="Products and fixed costs">
        <Products report={props.report} />
        <Losses report={props.report} />
      </aside>
    </>
  );
}

/** What a visitor sees before the first run. */
function Invitation(props: { readonly page: BenchPage }) {
  return (
    <main class="bview invitation">
      <h2>GPU against CPU, on this machine</h2>
      <p>
        The same training step runs on both devices, at growing batch sizes. You will see from which batch on the GPU is
        faster, where the time goes, and that both reach the same loss.
      </p>
      <button type="button" class="btn" onClick={() => props.page.run()}>
        <Icon glyph="play" /> Run the benchmark
      </button>
      <p class="note">Everything runs in this tab; nothing is sent anywhere. Close other busy tabs first.</p>
    </main>
  );
}
