import { JsonError, parseJson } from "../../session/json.ts";
import { checkRecord, type RunRecord } from "./record.ts";

/** Runs as a file: `{ "format": "downhill-runs", "version": 1, "runs": […] }`. */
const format = "downhill-runs";

/** Longest file that is read, in UTF-16 units, and most runs in it. */
export const MAX_FILE = 64 * 1024 * 1024;
const MAX_RUNS = 1000;

export const encodeRuns = (runs: readonly RunRecord[]): string => JSON.stringify({ format, version: 1, runs }, null, 1);

export type ReadRuns =
  | { readonly ok: true; readonly runs: readonly RunRecord[] }
  | { readonly ok: false; readonly problem: string };

const refused = (problem: string): ReadRuns => ({ ok: false, problem: `Runs file: ${problem} Nothing was imported.` });

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    return error instanceof JsonError ? error : undefined;
  }
}

/** Reads a file of runs. Never throws: a file that is none, or has one bad run, is refused as a whole with the reason. */
export function decodeRuns(text: string): ReadRuns {
  if (text.length > MAX_FILE) return refused(`got ${text.length} characters, expected at most ${MAX_FILE}.`);
  const value = parsed(text);
  if (value instanceof JsonError) return refused(`it is not JSON. ${value.message}`);
  const isFile = typeof value === "object" && value !== null && "format" in value && value.format === format;
  if (!isFile || !("runs" in value) || !Array.isArray(value.runs)) {
    return refused("it has no runs of Downhill in it. Choose a file that was exported here.");
  }
  if (!("version" in value) || value.version !== 1) {
    return refused("got another version of the format, expected 1. It may come from a newer version of this page.");
  }
  if (value.runs.length > MAX_RUNS) return refused(`got ${value.runs.length} runs, expected at most ${MAX_RUNS}.`);
  const checked = value.runs.map(checkRecord);
  const bad = checked.findIndex(({ ok }) => !ok);
  const first = checked[bad];
  if (first !== undefined && !first.ok) return refused(`run ${bad + 1}: ${first.problem}`);
  return { ok: true, runs: checked.flatMap((each) => (each.ok ? [each.record] : [])) };
}
