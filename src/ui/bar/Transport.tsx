import { Show } from "solid-js";
import { Icon } from "../Icon.tsx";
import { usePlayground } from "../playground.ts";

/** Play, single step, back to the same start, and another start. */
export function Transport() {
  const { trainer, play, singleStep, newSeed, missingFile } = usePlayground();
  const idle = () => missingFile() !== undefined;
  return (
    <fieldset class="transport" aria-label="Transport">
      <button
        type="button"
        class="btn ico"
        aria-label="Reset"
        title="Back to step 0 with the same initial weights"
        disabled={idle()}
        onClick={() => trainer.reset()}
      >
        <Icon glyph="reset" />
      </button>
      <button
        type="button"
        class="play"
        aria-label={trainer.playing() ? "Pause" : "Play"}
        title={trainer.playing() ? "Pause" : "Play"}
        disabled={idle()}
        onClick={play}
      >
        <Show when={trainer.playing()} fallback={<Icon glyph="play" />}>
          <Icon glyph="pause" />
        </Show>
      </button>
      <button type="button" class="btn ico" aria-label="Step" title="One step" disabled={idle()} onClick={singleStep}>
        <Icon glyph="step" />
      </button>
      <button
        type="button"
        class="btn ico"
        aria-label="New seed"
        title="Start again with other initial weights and another order of batches"
        disabled={idle()}
        onClick={newSeed}
      >
        <Icon glyph="dice" />
      </button>
    </fieldset>
  );
}
