import { lastUpTo } from "../../session/columns.ts";
import { type Extent, extentOf, wantsLog } from "./extent.ts";
import { type Picture, type Plot, thinnedBetween } from "./plot.ts";
import type { PlotSettings, Zoom } from "./plotView.ts";
import type { Marker, PlotSource } from "./source.ts";
import { formatTick, type XAxis, xAxes } from "./xAxes.ts";

/** Steps that an empty or very short plot covers. */
const fewestSteps = 10;

/** A picture with its axes: all that is needed to draw it, on screen or in a file. */
export interface Shown {
  readonly picture: Picture;
  readonly markers: readonly Marker[];
  /** Steps in view whose update half precision cancelled; of very many, every so many. */
  readonly skipped: readonly number[];
  /** Events carry their names: once is enough. */
  readonly namesEvents: boolean;
  readonly x: Extent;
  readonly y: Extent;
  readonly axis: XAxis;
  readonly yTick: (value: number) => string;
  /** The place of a step on the x axis, in its unit. */
  readonly xAt: (step: number) => number;
  /** Steps in view. */
  readonly from: number;
  readonly to: number;
  /** The newest step of the run, or a later one of another run's curve. */
  readonly lastStep: number;
}

/** Of the curves of other runs, so many times the length of the run in front is in view: it is never squeezed away. */
const lookAhead = 2;

/** The last step of the x axis. */
export function lastStepOf({ history, overlays, markers }: PlotSource): number {
  const ends = [history.step.at(-1), history.validation.at(-1)?.step, markers.at(-1)?.step];
  const own = Math.max(fewestSteps, ...ends.map((step) => step ?? 0));
  const others = Math.max(0, ...overlays.map(({ points }) => points.at(-1)?.step ?? 0));
  return Math.max(own, Math.min(others, lookAhead * own));
}

/** The skipped steps in view, at most about `most` of them. */
function skippedIn({ history: { scaling } }: PlotSource, { from, to }: Zoom, most: number): readonly number[] {
  const upTo = (step: number) => 1 + lastUpTo(scaling.skipped.length, (index) => scaling.skipped[index] ?? 0, step);
  return thinnedBetween(scaling.skipped, [upTo(from - 1), upTo(to)], most);
}

/** Whether a plot carries the names of events: once is enough. */
export const namesEvents = ({ order }: Plot): boolean => order === 0;

export interface ShowOptions {
  readonly settings: PlotSettings;
  readonly zoom: Zoom | undefined;
  /** At most about so many points per line. */
  readonly points: number;
}

/** What a plot shows of a run, with these settings. A zoom past the end of a run is none. */
export function showPlot(plot: Plot, source: PlotSource, { settings, zoom, points }: ShowOptions): Shown {
  const lastStep = lastStepOf(source);
  const inView = zoom !== undefined && zoom.from < lastStep ? zoom : undefined;
  const [from, to] = [inView?.from ?? 0, inView?.to ?? lastStep];
  const request = { points, smoothing: settings.smoothing, log: settings.logX };
  const range = inView === undefined ? {} : { fromStep: from, toStep: to };
  const picture = plot.picture(source, { ...request, ...range });
  const axis = xAxes[settings.x];
  const xAt = (step: number) => axis.at(step, source.clock);
  const { clipOutliers } = settings;
  const extentOptions = { log: wantsLog(plot, settings.logY), clipOutliers, fromZero: plot.fromZero ?? false };
  const first = settings.logX ? xAt(Math.max(1, from)) : xAt(from);
  const last = xAt(to);
  return {
    ...{ picture, markers: source.markers, skipped: skippedIn(source, { from, to }, points) },
    ...{ namesEvents: namesEvents(plot), axis, xAt, from, to, lastStep },
    yTick: plot.tick ?? formatTick,
    // Before anything has taken time, there is no time to show.
    x: { low: first, high: last > first ? last : first + 1, log: settings.logX && first > 0 },
    y: extentOf(picture, { from, to }, extentOptions),
  };
}
