import { createMemo, createSignal, lazy, Show } from "solid-js";
import type { Broke } from "../session/nonFinite.ts";
import { usePlayground } from "./playground.ts";

/** Few runs need it. */
const StopCard = lazy(() => import("./StopCard.tsx"));

/** Says why a run stopped whose numbers went beyond all bounds, until it goes on or the user puts that away. */
export function StopPlace() {
  const { trainer } = usePlayground();
  const [putAway, setPutAway] = createSignal<Broke>();
  const broke = createMemo(() => (trainer.broke() === putAway() ? undefined : trainer.broke()));
  return <Show when={broke()}>{(shown) => <StopCard broke={shown()} putAway={() => setPutAway(shown())} />}</Show>;
}
