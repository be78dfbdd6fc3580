import type { Evaluation } from "../../session/protocol.ts";

/**
 * At most about `points` evaluations: of each stretch the lowest and the highest loss, in their order, so that a spike
 * stays; and always the newest.
 */
export function thin(evaluations: readonly Evaluation[], points: number): readonly Evaluation[] {
  const stretch = Math.ceil((2 * evaluations.length) / Math.max(2, points));
  if (stretch <= 2) return evaluations;
  const kept: Evaluation[] = [];
  for (let start = 0; start < evaluations.length; start += stretch) {
    const part = evaluations.slice(start, start + stretch);
    const low = part.reduce((best, each) => (each.loss < best.loss ? each : best));
    const high = part.reduce((best, each) => (each.loss > best.loss ? each : best));
    kept.push(...[low, high].toSorted((a, b) => a.step - b.step).slice(low === high ? 1 : 0));
  }
  const newest = evaluations.at(-1);
  if (newest !== undefined && kept.at(-1) !== newest) kept.push(newest);
  return kept;
}
