import { type Accessor, createEffect, createSignal, on, onCleanup } from "solid-js";
import type { RunConfig } from "../../session/config.ts";
import type { MetricsHistory } from "../../session/metrics.ts";
import type { Evaluation } from "../../session/protocol.ts";
import { thinned } from "./curve.ts";
import { type Best, firstSeries, markersOf, type RunMarker, type RunRecord } from "./record.ts";

/** The run on screen, as the recorder sees it. */
export interface RunOnScreen {
  readonly history: MetricsHistory;
  /** The configuration that the worker's run has now; none before the first run. */
  readonly runConfig: Accessor<RunConfig | undefined>;
  readonly device: () => string;
  readonly playing: Accessor<boolean>;
  readonly markers: Accessor<readonly RunMarker[]>;
}

/** What is known of a run only while it is on screen. */
interface Front {
  readonly id: string;
  readonly created: number;
}

/** Buckets of a kept curve of batches. */
const buckets = 256;
/** Milliseconds between two looks at the run on screen. */
const interval = 500;
/** Looks between two times that the run on screen is written to storage while it trains. */
const looksPerSave = 6;

function bestOf(evaluations: readonly Evaluation[]): Best | null {
  const finite = evaluations.filter(({ loss }) => Number.isFinite(loss));
  const [first] = finite;
  if (first === undefined) return null;
  const { step, loss, accuracy } = finite.reduce((best, each) => (each.loss < best.loss ? each : best), first);
  return { step, loss, accuracy: accuracy ?? null };
}

/** A fresh identity. `randomUUID` would need a secure context. */
const drawId = (): string =>
  Array.from(crypto.getRandomValues(new Uint32Array(4)), (word) => word.toString(36).padStart(7, "0")).join("");

/** What the table says of the run on screen, and what is kept of it. */
export type Sketch = Omit<RunRecord, "name" | "note" | "starred" | "pinned" | "shown" | "series">;

function sketchOf(run: RunOnScreen, front: Front, config: RunConfig): Sketch {
  const { history } = run;
  const window = history.window(buckets);
  const validation = history.validation;
  return {
    ...{ ...front, config, markers: markersOf(run.markers()), device: run.device() },
    steps: history.step.at(-1) ?? 0,
    seconds: history.seconds.at(-1) ?? 0,
    best: bestOf(validation),
    validation: thinned(
      validation.map(({ step }) => step),
      validation.map(({ loss }) => loss),
    ),
    training: thinned(window.step, window.loss),
    gradNorm: thinned(window.step, window.gradNorm),
  };
}

export interface RecorderOptions {
  readonly run: RunOnScreen;
  /** The run as it stands now; `final` when it was replaced and is not on screen any more. */
  readonly keep: (sketch: Sketch, final: boolean) => void;
}

/**
 * Watches the run on screen: a sketch of it twice a second, and a call of `keep` every few seconds while it trains, when
 * the page is left, and when another run takes its place. Runs without a step are none.
 */
export function createRecorder({ run, keep }: RecorderOptions) {
  const [sketch, setSketch] = createSignal<Sketch>();
  let front: Front = { id: drawId(), created: Date.now() };
  let seenSteps = 0;
  let savedSteps = 0;
  let looks = 0;

  const current = (): Sketch | undefined => {
    const config = run.runConfig();
    return config === undefined ? undefined : sketchOf(run, front, config);
  };
  const save = (final: boolean) => {
    savedSteps = seenSteps;
    const now = run.history.length > 0 ? current() : undefined;
    if (now !== undefined) keep(now, final);
  };
  const look = () => {
    const steps = run.history.length + run.history.validation.length;
    if (steps === seenSteps) {
      // It rests
      if (savedSteps !== seenSteps) save(false);
      return;
    }
    seenSteps = steps;
    setSketch(current());
    looks += 1;
    if (looks % looksPerSave === 0) save(false);
  };
  const leave = () => save(false);
  // A page that is left right after a run has ended would have no time to write.
  createEffect(
    on(run.playing, (playing) => {
      if (playing) return;
      look();
      if (savedSteps !== seenSteps) save(false);
    }),
  );
  const timer = setInterval(look, interval);
  addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", leave);
  onCleanup(() => {
    clearInterval(timer);
    removeEventListener("pagehide", leave);
    document.removeEventListener("visibilitychange", leave);
  });
  return {
    /** The run on screen; none before its first step. */
    sketch,
    /** The run on screen ends here, and its curves are about to go. */
    end() {
      save(true);
      front = { id: drawId(), created: Date.now() };
      [seenSteps, savedSteps, looks] = [0, 0, 0];
      setSketch(undefined);
    },
  };
}

/** The number of the colour that the fewest runs have. */
export function freeSeries(records: readonly RunRecord[], count: number): number {
  const uses = Array.from(
    { length: count },
    (_, index) => records.filter(({ series }) => series === index + firstSeries).length,
  );
  return uses.indexOf(Math.min(...uses)) + firstSeries;
}
