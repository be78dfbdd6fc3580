import { Show } from "solid-js";
import { type Glyph, Icon } from "../Icon.tsx";
import { usePlayground } from "../playground.ts";
import { TransportMore } from "./TransportMore.tsx";

interface ButtonProps {
  readonly name: string;
  readonly title: string;
  readonly glyph: Glyph;
  readonly onClick: () => void;
  /** A narrow screen has it in the menu instead. */
  readonly wideOnly?: boolean;
}

/** Plays the run, takes it step by step, starts it again. What is rarer is in the menu at its end. */
export function Transport() {
  const { trainer, play, singleStep, stepMove, stepEpoch, reset, newSeed, missingFile } = usePlayground();
  const idle = () => missingFile() !== undefined;
  const Button = (props: ButtonProps) => (
    <button
      type="button"
      class="btn ico"
      classList={{ wide: props.wideOnly === true }}
      aria-label={props.name}
      title={props.title}
      disabled={idle()}
      onClick={() => props.onClick()}
    >
      <Icon glyph={props.glyph} />
    </button>
  );
  return (
    <fieldset class="transport" aria-label="Transport">
      <Button name="Reset" title="Back to step 0 with the same initial weights" glyph="reset" onClick={reset} />
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
      <Button name="One move" title="The next of the four moves of a step" glyph="move" onClick={stepMove} wideOnly />
      <Button name="Step" title="One step" glyph="step" onClick={singleStep} />
      <Button name="One epoch" title="To the end of the epoch" glyph="epoch" onClick={stepEpoch} wideOnly />
      <Button
        name="New seed"
        title="Start again with other initial weights and another order of batches"
        glyph="dice"
        onClick={newSeed}
      />
      <TransportMore disabled={idle()} />
    </fieldset>
  );
}
