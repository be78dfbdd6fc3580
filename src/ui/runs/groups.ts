import type { Overlay } from "../plots/source.ts";
import { bandOf, pointsOf } from "./curve.ts";
import { withoutSeeds } from "./differences.ts";
import type { RunRecord } from "./record.ts";

/** Runs that differ in nothing but seeds. */
export interface Group {
  readonly key: string;
  /** In table order, at least one. */
  readonly runs: readonly RunRecord[];
}

/** The runs in groups, each at the place of its first run; or each run for itself. */
export function groupsOf(runs: readonly RunRecord[], grouped: boolean): readonly Group[] {
  if (!grouped) return runs.map((run) => ({ key: run.id, runs: [run] }));
  const groups = new Map<string, readonly RunRecord[]>();
  for (const run of runs) {
    const key = JSON.stringify(withoutSeeds(run.config));
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups].map(([key, members]) => ({ key, runs: members }));
}

/** The order of the table: pinned runs, then those with a star, then the newest. */
export const inTableOrder = (runs: readonly RunRecord[]): readonly RunRecord[] =>
  runs.toSorted(
    (a, b) => Number(b.pinned) - Number(a.pinned) || Number(b.starred) - Number(a.starred) || b.created - a.created,
  );

/** Runs that are in the plots without being asked for: as many as one can tell apart at a glance. */
const mostAutomatic = 3;

/**
 * The runs whose curves are in the plots: those that the user chose, and the newest of the others as far as their
 * losses compare with the run on screen, that is, mean the same on the same kind of data.
 */
export function shownRuns(runs: readonly RunRecord[], front: RunRecord["config"]): readonly RunRecord[] {
  const compares = ({ config }: RunRecord) =>
    config.data.kind === front.data.kind && config.loss.kind === front.loss.kind;
  const newest = runs
    .filter((run) => run.shown === null && !run.pinned && compares(run))
    .toSorted((a, b) => b.created - a.created)
    .slice(0, mostAutomatic);
  return runs.filter((run) => run.shown ?? (run.pinned || newest.includes(run)));
}

const overlayPoints = (step: readonly number[], loss: readonly number[]): Overlay["points"] =>
  step.map((at, index) => ({ step: at, loss: loss[index] ?? Number.NaN }));

/** The dash of the edges of a group's band. */
const edge = "1 3";

/**
 * The curves of other runs for the loss plot. A group of several is drawn as its mean between its lowest and highest.
 *
 * @param dashOf the dash pattern of a series, as CSS writes it.
 */
export function overlaysOf(groups: readonly Group[], dashOf: (series: number) => string): readonly Overlay[] {
  return groups.flatMap(({ key, runs }): readonly Overlay[] => {
    const [first] = runs;
    if (first === undefined) return [];
    const token = `--series-${first.series}`;
    const dash = dashOf(first.series);
    if (runs.length === 1) {
      const points = pointsOf(first.validation).map(([step, loss]) => ({ step, loss }));
      return points.length === 0 ? [] : [{ id: first.id, token, dash, points }];
    }
    const band = bandOf(runs.map(({ validation }) => validation));
    return [
      { id: key, token, dash, points: overlayPoints(band.step, band.mean) },
      { id: `${key} low`, token, dash: edge, points: overlayPoints(band.step, band.low) },
      { id: `${key} high`, token, dash: edge, points: overlayPoints(band.step, band.high) },
    ];
  });
}
