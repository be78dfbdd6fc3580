import { alwaysClipped } from "./alwaysClipped.ts";
import { deadUnits } from "./deadUnits.ts";
import { diverging } from "./diverging.ts";
import { exploding } from "./exploding.ts";
import { f16Overflow } from "./f16Overflow.ts";
import { f16Underflow } from "./f16Underflow.ts";
import type { Diagnosis, Finding } from "./finding.ts";
import { healthy } from "./healthy.ts";
import { learningRateTooSmall } from "./learningRateTooSmall.ts";
import { noisyBatch } from "./noisyBatch.ts";
import { notANumber } from "./notANumber.ts";
import { overfitting } from "./overfitting.ts";
import { plateau } from "./plateau.ts";
import type { RunRecord } from "./record.ts";
import { signalsOf } from "./signals.ts";
import { underfitting } from "./underfitting.ts";
import { vanishing } from "./vanishing.ts";

export type { Finding, Remedy, Severity } from "./finding.ts";
export { type RunRecord, recordOf } from "./record.ts";

const registry = {
  notANumber,
  f16Overflow,
  f16Underflow,
  deadUnits,
  diverging,
  exploding,
  vanishing,
  overfitting,
  learningRateTooSmall,
  plateau,
  alwaysClipped,
  noisyBatch,
  underfitting,
  healthy,
} as const satisfies Readonly<Record<string, Diagnosis>>;

export type FindingKind = keyof typeof registry;

/** Everything that can be said about a run; causes come before their effects, and what is urgent before what is not. */
export const diagnoses: Readonly<Record<FindingKind, Diagnosis>> = registry;

/** All that can be said about a run, the most important first. `healthy` is said alone. Takes under a millisecond. */
export function diagnose(run: RunRecord): readonly Finding[] {
  const signals = signalsOf(run);
  const findings = Object.entries(diagnoses).flatMap(([kind, { detect }]) => {
    const found = detect(run, signals);
    return found === undefined ? [] : [{ kind, ...found }];
  });
  // A run that is lost has symptoms of everything.
  const stopped = findings.filter(({ severity }) => severity === "stopped");
  if (stopped.length > 0) return stopped;
  const wrong = findings.filter(({ severity }) => severity !== "fine");
  return wrong.length > 0 ? wrong : findings;
}
