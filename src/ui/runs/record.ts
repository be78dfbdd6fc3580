import * as v from "valibot";
import { checkConfig } from "../../session/check.ts";
import type { RunConfig } from "../../session/config.ts";
import { type Curve, MAX_POINTS } from "./curve.ts";

/** A lowest validation loss, and what the run was like there. */
export interface Best {
  readonly step: number;
  readonly loss: number;
  readonly accuracy: number | null;
}

/** A setting that was changed while the run went on. */
export interface RunMarker {
  readonly step: number;
  readonly label: string;
}

/** A run as it is kept in the browser and in files: plain data. */
export interface RunRecord {
  readonly id: string;
  readonly name: string;
  readonly note: string;
  readonly starred: boolean;
  /** Stays on top of the table and in the plots. */
  readonly pinned: boolean;
  /** Whether its curve is in the plots; `null` until the user says so: then the newest few that compare are. */
  readonly shown: boolean | null;
  /** Number of its colour and dash, 2 to 8: number 1 is the run in front. */
  readonly series: number;
  /** Milliseconds since 1970. */
  readonly created: number;
  /** As it was at the end: what changed on the way stands in `markers`. */
  readonly config: RunConfig;
  readonly markers: readonly RunMarker[];
  /** The device in words. */
  readonly device: string;
  readonly steps: number;
  /** Of training, pauses left out. */
  readonly seconds: number;
  /** `null` without a validation split. */
  readonly best: Best | null;
  readonly validation: Curve;
  /** Mean of each stretch of batches. */
  readonly training: Curve;
  readonly gradNorm: Curve;
}

/** Numbers of colours besides the first. */
export const firstSeries = 2;
export const lastSeries = 8;

const MAX_MARKERS = 200;
export const MAX_NAME = 60;
export const MAX_NOTE = 2000;

const finite = v.pipe(v.number(), v.finite());
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const nullableNumber = v.nullable(finite);

const curveSchema = v.pipe(
  v.strictObject({
    step: v.pipe(v.array(count), v.maxLength(MAX_POINTS)),
    value: v.pipe(v.array(nullableNumber), v.maxLength(MAX_POINTS)),
  }),
  v.check(({ step, value }) => step.length === value.length, "got columns of two lengths, expected one"),
  v.check(
    ({ step }) => step.every((at, index) => index === 0 || at > (step[index - 1] ?? 0)),
    "got steps out of order, expected ascending ones",
  ),
);

const recordSchema = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/)),
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_NAME)),
  note: v.pipe(v.string(), v.maxLength(MAX_NOTE)),
  starred: v.boolean(),
  pinned: v.boolean(),
  shown: v.nullable(v.boolean()),
  series: v.pipe(v.number(), v.integer(), v.minValue(firstSeries), v.maxValue(lastSeries)),
  created: v.pipe(count, v.maxValue(8.64e15)),
  config: v.unknown(),
  markers: v.pipe(
    v.array(v.strictObject({ step: count, label: v.pipe(v.string(), v.maxLength(MAX_NOTE)) })),
    v.maxLength(MAX_MARKERS),
  ),
  device: v.pipe(v.string(), v.maxLength(200)),
  steps: v.pipe(count, v.minValue(1)),
  seconds: v.pipe(finite, v.minValue(0)),
  best: v.nullable(v.strictObject({ step: count, loss: finite, accuracy: nullableNumber })),
  validation: curveSchema,
  training: curveSchema,
  gradNorm: curveSchema,
});

export type CheckedRecord =
  | { readonly ok: true; readonly record: RunRecord }
  | { readonly ok: false; readonly problem: string };

/** Checks a run that storage or a file gave: its shape, its sizes and its configuration. */
export function checkRecord(input: unknown): CheckedRecord {
  const result = v.safeParse(recordSchema, input);
  if (!result.success) {
    const [issue] = result.issues;
    return { ok: false, problem: `${v.getDotPath(issue) ?? "run"}: ${issue.message}.` };
  }
  const checked = checkConfig(result.output.config);
  if (!checked.ok) return { ok: false, problem: `config.${checked.problems[0]}` };
  return { ok: true, record: { ...result.output, config: checked.config } };
}

/** The runs of those that storage holds, and in words what cannot be read. */
export function readableRecords(all: readonly unknown[]): {
  readonly records: readonly RunRecord[];
  readonly problem?: string;
} {
  const checked = all.map(checkRecord);
  const records = checked.flatMap((each) => (each.ok ? [each.record] : []));
  const [first, ...others] = checked.flatMap((each) => (each.ok ? [] : [each.problem]));
  if (first === undefined) return { records };
  const count = `${others.length + 1} of ${all.length} kept in this browser cannot be read`;
  return { records, problem: `Runs: ${count}. ${first} What cannot be read stays, for another version of this page.` };
}

/** What only tells how a run ended; a record has at most so many markers. */
export const markersOf = (markers: readonly RunMarker[]): readonly RunMarker[] =>
  markers.slice(-MAX_MARKERS).map(({ step, label }) => ({ step, label: label.slice(0, MAX_NOTE) }));
