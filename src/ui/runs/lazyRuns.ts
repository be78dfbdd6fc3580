import { type Accessor, createSignal, getOwner, runWithOwner } from "solid-js";
import type { Runs, RunsOptions } from "./createRuns.ts";

/** The runs, once their code has come: the page draws before. */
export function lazyRuns(options: RunsOptions): Accessor<Runs | undefined> {
  const [runs, setRuns] = createSignal<Runs>();
  const owner = getOwner();
  import("./createRuns.ts").then(
    ({ createRuns }) => setRuns(runWithOwner(owner, () => createRuns(options))),
    () => options.report("Runs: this part of the page did not load, so runs are not kept. Reload the page."),
  );
  return runs;
}
