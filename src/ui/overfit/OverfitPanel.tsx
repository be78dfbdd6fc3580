import { createMemo, onCleanup, onMount, Show } from "solid-js";
import { generalizationOf } from "../../session/generalization.ts";
import { usePlayground } from "../playground.ts";
import { Examples } from "./Examples.tsx";
import { GapTable } from "./GapTable.tsx";
import { Levers } from "./Levers.tsx";
import { RewindToBest } from "./RewindToBest.tsx";
import "../styles/overfit.css";

/** The overfitting bench: what makes a network learn by heart, how one sees it, and what helps. */
export default function OverfitPanel() {
  const { trainer } = usePlayground();
  onMount(() => trainer.examine(true));
  onCleanup(() => trainer.examine(false));
  const found = createMemo(() => {
    trainer.version();
    return generalizationOf(trainer.history.train, trainer.history.validation);
  });
  return (
    <div class="panel overfit">
      <div class="examined">
        <Show
          when={trainer.examination()}
          fallback={<p class="map empty">The examples come with the next evaluation.</p>}
        >
          {(examination) => <Examples examination={examination()} />}
        </Show>
      </div>
      <div class="side">
        <GapTable found={found()} />
        <RewindToBest best={found()?.best} />
        <Levers />
      </div>
    </div>
  );
}
