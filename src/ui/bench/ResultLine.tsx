import { createSignal, Show } from "solid-js";
import { headline } from "../../bench/analysis.ts";
import { markdownOf } from "../../bench/markdown.ts";
import type { Report } from "../../bench/report.ts";
import { Icon } from "../Icon.tsx";
import type { BenchPage } from "./createBenchPage.ts";

/** Milliseconds that a button says that it has copied. */
const CONFIRMATION_MS = 2000;

/** The result in one sentence while it takes shape, and ways to take it along. */
export function ResultLine(props: { readonly page: BenchPage }) {
  const sentence = () => {
    const { report, running, progress, width } = props.page;
    const current = report();
    if (running()) return { claim: "Measuring", detail: `${progress()?.now ?? "the devices"}.` };
    if (current === undefined) return { claim: "Nothing measured yet.", detail: "Run starts the suite." };
    return headline(current, width());
  };
  return (
    <section class="reading" aria-label="Result">
      <Icon glyph="information" class="mark" />
      <p role="status" aria-live={props.page.running() ? "off" : "polite"}>
        <strong>{sentence().claim}</strong> {sentence().detail}
      </p>
      <Show when={props.page.running() && props.page.progress()}>
        {(progress) => <progress aria-label="Progress" value={progress().done} max={Math.max(1, progress().all)} />}
      </Show>
      <Show when={!props.page.running() && props.page.report()}>{(report) => <Actions report={report()} />}</Show>
    </section>
  );
}

function Actions(props: { readonly report: Report }) {
  const save = () => {
    const url = URL.createObjectURL(new Blob([JSON.stringify(props.report, null, 2)], { type: "application/json" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = `downhill-benchmark-${props.report.suite}.json`;
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <div class="acts">
      <CopyButton label="Copy as Markdown" text={() => markdownOf(props.report)} />
      <button type="button" class="btn" onClick={save}>
        Save as JSON
      </button>
      <CopyButton label="Copy link" text={() => location.href} />
    </div>
  );
}

function CopyButton(props: { readonly label: string; readonly text: () => string }) {
  const [outcome, setOutcome] = createSignal<string>();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(props.text());
      setOutcome("Copied");
    } catch {
      setOutcome("The browser refused");
    }
    setTimeout(() => setOutcome(undefined), CONFIRMATION_MS);
  };
  return (
    <>
      <button type="button" class="btn" aria-label={props.label} onClick={copy}>
        {outcome() ?? props.label}
      </button>
      <span class="sr" role="status" aria-label={`${props.label}, outcome`}>
        {outcome()}
      </span>
    </>
  );
}
