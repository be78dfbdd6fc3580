import { lazy, Show } from "solid-js";
import { usePlayground } from "../playground.ts";

const RunsSection = lazy(async () => ({ default: (await import("./RunsSection.tsx")).RunsSection }));

/** Where the runs stand, as soon as their code has come. */
export function RunsPlace() {
  const { runs } = usePlayground();
  return <Show when={runs()}>{(loaded) => <RunsSection runs={loaded()} />}</Show>;
}
