import { formatCount, formatCounted, formatMeasure, formatPercent } from "../lib/format.ts";
import type { Finding } from "../session/diagnosis/index.ts";
import type { RunSummary } from "../session/protocol.ts";
import type { Readings, TestResult } from "./runState.ts";

/** Everything that decides what the reading line says. */
export interface Situation {
  /** Where the run's numbers stopped being finite. */
  readonly nonFinite: { readonly step: number; readonly tensor: string } | undefined;
  readonly asksTestAgain: boolean;
  readonly testsUsed: number;
  readonly missingFile: string | undefined;
  readonly progress: { readonly message: string; readonly fraction?: number } | undefined;
  readonly notice: string | undefined;
  readonly test: TestResult | undefined;
  readonly preparing: boolean;
  /** No run came of the settings. */
  readonly failed: boolean;
  readonly playing: boolean;
  /** Why the run ended by itself. */
  readonly stopped: string | undefined;
  readonly step: number;
  readonly summary: RunSummary | undefined;
  readonly readings: Readings;
  /** The most important thing that can be said about the run. */
  readonly finding: Finding | undefined;
}

/** One sentence with its weight: a fact, then numbers. */
export interface Reading {
  readonly kind:
    | "stopped"
    | "askTest"
    | "progress"
    | "notice"
    | "test"
    | "empty"
    | "advice"
    | "running"
    | "ready"
    | "paused"
    | "ended";
  readonly fact: string;
  readonly rest: string;
}

const timesWord = (times: number): string =>
  times === 1 ? "once" : times === 2 ? "twice" : `${formatCount(times)} times`;

const withAccuracy = (accuracy: number | undefined): string =>
  accuracy === undefined ? "" : ` (${formatPercent(accuracy)} right)`;

function lossSentence({ loss, validation }: Readings): string {
  if (loss === undefined) return "";
  const training = `Training loss ${formatMeasure(loss)}`;
  if (validation === undefined) return `${training}.`;
  return `${training}, validation loss ${formatMeasure(validation.loss)}${withAccuracy(validation.accuracy)}.`;
}

function testReading({ evaluation, times }: TestResult): Reading {
  const fact = `Test split at step ${formatCount(evaluation.step)}: loss ${formatMeasure(evaluation.loss)}${withAccuracy(evaluation.accuracy)}.`;
  const rest =
    times > 1
      ? `Used ${timesWord(times)}: each look makes it less of a test.`
      : "Used once. Choosing by it would spoil it.";
  return { kind: "test", fact, rest };
}

function progressReading({ message, fraction }: NonNullable<Situation["progress"]>): Reading {
  const rest = fraction === undefined ? "" : `${formatCount(100 * fraction)}\u2009% of the way is computed again.`;
  return { kind: "progress", fact: message, rest };
}

function readyReading(summary: RunSummary): Reading {
  const { parameterCount, counts, dataNotes } = summary;
  const rest = `Play trains ${formatCounted(parameterCount, "parameter")} on ${formatCounted(counts.train, "example")}.`;
  return { kind: "ready", fact: "Ready.", rest: [rest, ...dataNotes].join(" ") };
}

/** What an expert says of a run that goes on or waits; of a healthy one only while it goes on. */
function findingReading({ finding, playing, readings }: Situation): Reading | undefined {
  if (finding === undefined) return undefined;
  if (finding.severity === "warn") return { kind: "advice", fact: finding.sentence, rest: finding.detail };
  if (finding.severity === "fine" && playing) {
    return { kind: "running", fact: finding.sentence, rest: lossSentence(readings) };
  }
  return undefined;
}

/** What is happening, in one sentence; the most urgent thing first. */
export function readingOf(now: Situation): Reading {
  const step = formatCount(now.step);
  if (now.progress !== undefined) return progressReading(now.progress);
  if (now.nonFinite !== undefined) {
    const { step: broken, tensor } = now.nonFinite;
    const said = now.finding?.severity === "stopped" ? now.finding.detail : `It began in ${tensor}.`;
    return { kind: "stopped", fact: `Not a number at step ${formatCount(broken)}.`, rest: said };
  }
  if (now.asksTestAgain) {
    const fact = `The test split has been used ${timesWord(now.testsUsed)} already.`;
    return { kind: "askTest", fact, rest: "A result that one chooses by is no longer a test." };
  }
  if (now.missingFile !== undefined) {
    return {
      kind: "empty",
      fact: `This run needs the file ${now.missingFile}.`,
      rest: "Open it, or choose other data.",
    };
  }
  if (now.test !== undefined) return testReading(now.test);
  if (now.notice !== undefined) return { kind: "notice", fact: now.notice, rest: "" };
  if (now.failed) return { kind: "empty", fact: "The run could not start.", rest: "The message above says why." };
  if (now.summary === undefined || now.preparing) return { kind: "progress", fact: "Compiling the run.", rest: "" };
  const said = now.stopped === undefined ? findingReading(now) : undefined;
  if (said !== undefined) return said;
  if (now.playing) return { kind: "running", fact: "Training.", rest: lossSentence(now.readings) };
  if (now.stopped !== undefined) return { kind: "ended", fact: now.stopped, rest: lossSentence(now.readings) };
  if (now.step === 0) return readyReading(now.summary);
  return { kind: "paused", fact: `Paused at step ${step}.`, rest: lossSentence(now.readings) };
}
