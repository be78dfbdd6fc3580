import type { RunConfig } from "../config.ts";
import type { RunRecord } from "./record.ts";
import type { Signals } from "./signals.ts";

/** `stopped`: the run is lost. `warn`: something is wrong. `fine`: nothing is. */
export type Severity = "stopped" | "warn" | "fine";

/** One change that helps, as a button. */
export interface Remedy {
  /** What it sets, in a few words: "Learning rate 3e−3". */
  readonly label: string;
  readonly change: (config: RunConfig) => RunConfig;
}

/** What an expert would say about a run. */
export interface Finding {
  readonly kind: string;
  readonly severity: Severity;
  /** The fact, in one sentence. */
  readonly sentence: string;
  /** The numbers behind it, in one sentence. */
  readonly detail: string;
  /** The same numbers by name, for tables and tests. */
  readonly evidence: Readonly<Record<string, number>>;
  /** Two sentences: why this happens, and why the remedies help. */
  readonly reason: string;
  /** The most promising first; none where nothing is wrong. */
  readonly remedies: readonly Remedy[];
}

/** One thing that can be said about a run. */
export interface Diagnosis {
  readonly label: string;
  /** Says it, if it is so. */
  readonly detect: (run: RunRecord, signals: Signals) => Omit<Finding, "kind"> | undefined;
}
