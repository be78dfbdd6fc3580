import { Show } from "solid-js";
import { formatCount } from "../lib/format.ts";
import { Icon } from "./Icon.tsx";
import { usePlayground } from "./playground.ts";
import "./styles/stop.css";

/** After a change that made a fresh run: the weights of the run before are still there to go on from. */
export function BranchOffer() {
  const { branchOffer, branch, dropBranch } = usePlayground();
  return (
    <Show when={branchOffer()}>
      {(offer) => (
        <section class="offer" aria-label="Branch">
          <Icon glyph="information" class="mark" />
          <p>
            {offer().label} makes another run. The weights of step {formatCount(offer().step)} are kept.
          </p>
          <button type="button" class="btn" onClick={branch}>
            Start from them
          </button>
          <button type="button" class="btn ico" aria-label="Leave the branch" onClick={dropBranch}>
            <Icon glyph="close" />
          </button>
        </section>
      )}
    </Show>
  );
}
