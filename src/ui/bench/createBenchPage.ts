import { createSignal } from "solid-js";
import type { BenchClient } from "../../bench/client.ts";
import type { BenchEvent } from "../../bench/protocol.ts";
import type { Environment, Report } from "../../bench/report.ts";
import { isSuiteName, type SuiteName, suites } from "../../bench/suites.ts";

const defaultSuite: SuiteName = "quick";
const unknownEnvironment: Environment = { browser: navigator.userAgent, isolated: crossOriginIsolated };

/** The suite that the page's address names. */
function suiteOfHash(): SuiteName {
  const name = new URLSearchParams(location.hash.slice(1)).get("suite") ?? defaultSuite;
  return isSuiteName(name) ? name : defaultSuite;
}

export interface Progress {
  readonly done: number;
  readonly all: number;
  readonly now: string;
  /** Since the start of the suite. */
  readonly seconds: number;
}

export type BenchPage = ReturnType<typeof createBenchPage>;

/** The state of the benchmark page: the suite, what was measured so far, and what is shown of it. */
export function createBenchPage(client: BenchClient) {
  const [suite, setSuite] = createSignal(suiteOfHash());
  const [report, setReport] = createSignal<Report>();
  const [progress, setProgress] = createSignal<Progress>();
  const [running, setRunning] = createSignal(false);
  const [failure, setFailure] = createSignal<string>();
  const [chosenWidth, chooseWidth] = createSignal<number>();

  const widths = (): readonly number[] => suites[report()?.suite ?? suite()].widths;
  const width = (): number => widths().find((width) => width === chosenWidth()) ?? widths().at(-1) ?? 0;
  const chooseSuite = (name: SuiteName): void => {
    setSuite(name);
    history.replaceState(null, "", `#suite=${name}`);
  };
  addEventListener("hashchange", () => setSuite(suiteOfHash()));

  const extend = (part: (report: Report) => Partial<Report>): void => {
    setReport((old) => old && { ...old, ...part(old) });
  };
  const listen = (event: BenchEvent, started: number): void => {
    const seconds = (performance.now() - started) / 1000;
    if (event.type === "environment") extend(() => ({ environment: event.environment }));
    if (event.type === "device") extend(({ devices }) => ({ devices: [...devices, event.facts] }));
    if (event.type === "measured") {
      extend(({ measurements }) => ({ measurements: [...measurements, event.measurement] }));
    }
    if (event.type === "progress") setProgress({ done: event.done, all: event.all, now: event.now, seconds });
    if (event.type === "failed") setFailure(event.message);
    if (event.type === "failed" || event.type === "done") setRunning(false);
  };

  return {
    suite,
    chooseSuite,
    report,
    progress,
    running,
    failure,
    widths,
    width,
    chooseWidth,
    dismiss: () => setFailure(undefined),
    /** Starts the suite from its beginning. */
    run(): void {
      const started = performance.now();
      const name = suite();
      setReport({ version: 1, suite: name, environment: unknownEnvironment, devices: [], measurements: [] });
      setProgress(undefined);
      setFailure(undefined);
      setRunning(true);
      client.runSuite(name, (event) => listen(event, started));
    },
    /** Ends the measurement in progress; what was measured stays. */
    cancel(): void {
      client.stop();
      setFailure(undefined);
      setRunning(false);
    },
  };
}
