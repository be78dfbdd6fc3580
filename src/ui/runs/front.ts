import { type Accessor, batch, createComputed, createMemo, createSignal, untrack } from "solid-js";
import type { RunConfig } from "../../session/config.ts";
import { nameOf } from "./names.ts";
import { firstSeries, lastSeries, type RunRecord } from "./record.ts";
import { createRecorder, freeSeries, type RunOnScreen, type Sketch } from "./recorder.ts";
import type { Shelf } from "./shelf.ts";
import type { Storage } from "./storage.ts";

/** What a user can change about a run. */
export type RunLook = Pick<RunRecord, "name" | "note" | "starred" | "pinned" | "shown" | "series">;

export interface FrontOptions {
  readonly run: RunOnScreen;
  readonly shelf: Shelf;
  readonly storage: Storage;
  /** Whether the run is one that the user is dragging a slider past. */
  readonly isPassing: () => boolean;
}

/** Seconds that a run must last to be kept although the user was only dragging past it. */
const shortest = 1;

/** The run on screen with its name, from its first step on; when another takes its place, it goes to the others. */
export function createFront({ run, shelf, storage, isPassing }: FrontOptions): {
  readonly front: Accessor<RunRecord | undefined>;
  readonly setLook: (changed: Partial<RunLook>) => void;
  readonly end: () => void;
} {
  const [look, setLook] = createSignal<RunLook>();
  const others = () => [...untrack(shelf.kept).values()];
  const lookFor = ({ model }: RunConfig): RunLook => ({
    name: nameOf(model.seed, new Set(others().map(({ name }) => name))),
    ...{ note: "", starred: false, pinned: false, shown: null },
    series: freeSeries(others(), lastSeries - firstSeries + 1),
  });
  const recordOf = (sketch: Sketch): RunRecord => {
    const known = look() ?? lookFor(sketch.config);
    setLook(known);
    return { ...sketch, ...known };
  };
  const keep = (sketch: Sketch, final: boolean) => {
    const record = recordOf(sketch);
    if (!final) return storage.put([record]);
    batch(() => {
      if (sketch.seconds < shortest && isPassing()) shelf.remove([record.id]);
      else shelf.put([record]);
      setLook(undefined);
    });
  };
  const { sketch, end } = createRecorder({ run, keep });
  createComputed(() => {
    const now = sketch();
    // A name that was drawn stays, whatever is kept or deleted beside it.
    if (now !== undefined && untrack(look) === undefined) setLook(lookFor(now.config));
  });
  const front = createMemo(() => {
    const [now, known] = [sketch(), look()];
    return now && known && { ...now, ...known };
  });
  return { front, setLook: (changed) => setLook((before) => before && { ...before, ...changed }), end };
}
