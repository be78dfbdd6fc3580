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
 * losses compare with the run on screen, that is, mean the same on the same kind of data. Where seeds are grouped, the
 * newest groups.
 */
export function shownRuns(
  runs: readonly RunRecord[],
  front: RunRecord["config"],
  grouped: boolean,
): readonly RunRecord[] {
  const compares = ({ config }: RunRecord) =>
    config.data.kind === front.data.kind && config.loss.kind === front.loss.kind;
  const candidates = runs
    .filter((run) => run.shown === null && !run.pinned && compares(run))
    .toSorted((a, b) => b.created - a.created);
  const newest = groupsOf(candidates, grouped)
    .slice(0, mostAutomatic)
    .flatMap((group) => group.runs);
  return runs.filter((run) => run.shown ?? (run.pinned || newest.includes(run)));
}

const lineOf = ({ validation }: RunRecord): Pick<Overlay, "points"> => ({
  points: pointsOf(validation).map(([step, loss]) => ({ step, loss })),
});

function bandOverlay(runs: readonly RunRecord[]): Pick<Overlay, "points" | "band"> {
  const { step, mean, low, high } = bandOf(runs.map(({ validation }) => validation));
  return {
    points: step.map((at, index) => ({ step: at, loss: mean[index] ?? Number.NaN })),
    band: step.map((_, index) => ({ low: low[index] ?? Number.NaN, high: high[index] ?? Number.NaN })),
  };
}

export interface DrawnOptions {
  readonly frontId: string | undefined;
  /** Of the run on screen it is not asked: it has a curve of its own, and counts in a group where others do. */
  readonly isShown: (id: string) => boolean;
  /** The dash pattern of a series, as CSS writes it. */
  readonly dashOf: (series: number) => string;
}

/**
 * The curves of other runs for the loss plot. A group of several is drawn as its mean between its lowest and highest, in
 * the colour of its first run.
 */
export function overlaysOf(groups: readonly Group[], { frontId, isShown, dashOf }: DrawnOptions): readonly Overlay[] {
  return groups.flatMap(({ key, runs }): readonly Overlay[] => {
    const others = runs.filter(({ id }) => id !== frontId && isShown(id));
    const [first] = runs;
    const [only] = others;
    if (first === undefined || only === undefined) return [];
    const drawn = runs.filter((run) => run.id === frontId || others.includes(run));
    const curve = drawn.length === 1 ? lineOf(only) : bandOverlay(drawn);
    if (curve.points.length === 0) return [];
    return [{ id: key, token: `--series-${first.series}`, dash: dashOf(first.series), ...curve }];
  });
}
