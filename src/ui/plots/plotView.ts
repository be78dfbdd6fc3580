import { type Accessor, createSignal } from "solid-js";
import { type XAxisKind, xAxes } from "./xAxes.ts";

/** How plots are drawn; remembered by the browser. */
export interface PlotSettings {
  readonly x: XAxisKind;
  readonly logX: boolean;
  readonly logY: boolean;
  /** Weight of the moving average over the training loss, 0 to `mostSmoothing`. */
  readonly smoothing: number;
  /** Leaves the highest and the lowest twentieth of the values out of the range of the y axis. */
  readonly clipOutliers: boolean;
  /** The plots past the first ones are in view. */
  readonly more: boolean;
}

export const mostSmoothing = 0.99;

export const defaultSettings: PlotSettings = {
  ...{ x: "step", logX: false, logY: true, smoothing: 0.6, clipOutliers: false, more: false },
};

const storageKey = "downhill.plots";

/** Steps in view, both included. */
export interface Zoom {
  readonly from: number;
  readonly to: number;
}

/** A place on the plots: the step under the pointer, or one that was pinned. */
export interface Cursor {
  readonly step: number;
  readonly pinned: boolean;
}

/** Settings from what a browser has kept; what is missing or wrong is as by default. */
export function settingsFrom(text: string | null): PlotSettings {
  const kept = parsed(text);
  const flag = (name: "logX" | "logY" | "clipOutliers" | "more") => {
    const value = kept[name];
    return typeof value === "boolean" ? value : defaultSettings[name];
  };
  const { x, smoothing } = kept;
  return {
    x: typeof x === "string" && Object.hasOwn(xAxes, x) ? (x as XAxisKind) : defaultSettings.x,
    smoothing:
      typeof smoothing === "number" && smoothing >= 0 && smoothing <= mostSmoothing
        ? smoothing
        : defaultSettings.smoothing,
    ...{ logX: flag("logX"), logY: flag("logY"), clipOutliers: flag("clipOutliers"), more: flag("more") },
  };
}

function parsed(text: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}

function storedText(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

/** What all plots share: settings, the zoomed range of steps, and the crosshair. */
export interface PlotView {
  readonly settings: Accessor<PlotSettings>;
  set(changed: Partial<PlotSettings>): void;
  readonly zoom: Accessor<Zoom | undefined>;
  /** Zooms to these steps, in their order, of a run of `lastStep` steps; all of them is no zoom. */
  zoomTo(range: Zoom, lastStep: number): void;
  resetZoom(): void;
  /** Shows `factor` times as many steps around `center`. */
  zoomBy(factor: number, center: number, lastStep: number): void;
  /** Moves the range by a fraction of itself. */
  pan(fraction: number, lastStep: number): void;
  readonly cursor: Accessor<Cursor | undefined>;
  /** Follows the pointer, unless a place is pinned. */
  hover(step: number | undefined): void;
  /** Moves the crosshair, pinned or not. */
  moveTo(step: number): void;
  pin(step: number): void;
  unpin(): void;
}

/** The shortest range that one can zoom to. */
const fewestSteps = 4;

/** The range inside the run that is closest to the one asked for; nothing where that is all of it. */
export function zoomWithin({ from, to }: Zoom, lastStep: number): Zoom | undefined {
  const middle = (from + to) / 2;
  const length = Math.max(fewestSteps, Math.abs(to - from));
  if (length >= lastStep) return undefined;
  const start = Math.min(lastStep - length, Math.max(0, middle - length / 2));
  return { from: Math.round(start), to: Math.round(start + length) };
}

export function createPlotView(): PlotView {
  const [settings, setSettings] = createSignal(settingsFrom(storedText()));
  const [zoom, setZoom] = createSignal<Zoom>();
  const [cursor, setCursor] = createSignal<Cursor>();

  const zoomTo = (range: Zoom, lastStep: number) => setZoom(zoomWithin(range, lastStep));
  return {
    settings,
    set(changed) {
      const next = { ...settings(), ...changed };
      setSettings(next);
      try {
        localStorage.setItem(storageKey, JSON.stringify(next));
      } catch {
        // Without storage the choice lasts as long as the page.
      }
    },
    zoom,
    zoomTo,
    resetZoom: () => setZoom(undefined),
    zoomBy(factor, center, lastStep) {
      const { from, to } = zoom() ?? { from: 0, to: lastStep };
      zoomTo({ from: center - (center - from) * factor, to: center + (to - center) * factor }, lastStep);
    },
    pan(fraction, lastStep) {
      const range = zoom();
      if (range === undefined) return;
      const by = fraction * (range.to - range.from);
      zoomTo({ from: range.from + by, to: range.to + by }, lastStep);
    },
    cursor,
    hover(step) {
      if (cursor()?.pinned === true) return;
      setCursor(step === undefined ? undefined : { step, pinned: false });
    },
    moveTo: (step) => setCursor((before) => ({ step, pinned: before?.pinned ?? false })),
    pin: (step) => setCursor({ step, pinned: true }),
    unpin: () => setCursor(undefined),
  };
}
