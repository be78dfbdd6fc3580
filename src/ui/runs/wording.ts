import { formatCount, formatMeasure, formatPercent } from "../../lib/format.ts";
import type { RunRecord } from "./record.ts";

/** `4.2 s`, `2 min 5 s`. */
export function secondsText(seconds: number): string {
  // What rounds to 100.0 is told in minutes.
  if (seconds < 99.95) return `${seconds.toFixed(1)}\u2009s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}\u2009min ${whole % 60}\u2009s`;
}

/** What a run came to, as a sentence: a narrow table has no columns for it. */
export function resultText({ best, steps, seconds }: RunRecord): string {
  const trained = `${formatCount(steps)} steps in ${secondsText(seconds)}.`;
  if (best === null) return trained;
  const accuracy = best.accuracy === null ? "" : ` with ${formatPercent(best.accuracy)} right`;
  return `Best ${formatMeasure(best.loss)} at step ${formatCount(best.step)}${accuracy}. ${trained}`;
}
