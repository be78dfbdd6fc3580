import { createSignal, createUniqueId, Show } from "solid-js";
import { formatSetting } from "../../lib/format.ts";
import type { NumberParameter } from "../../lib/hyperparameters.ts";
import { stoppingFields } from "../../session/fields.ts";
import { Hyperparameters } from "../controls/Hyperparameters.tsx";
import { NumberControl } from "../controls/NumberControl.tsx";
import { Toggle } from "../controls/Toggle.tsx";
import { Icon } from "../Icon.tsx";
import { usePlayground } from "../playground.ts";

/** Steps per second from which on a limit is none that one sees. */
const fastest = 1000;
const speedField: NumberParameter = {
  kind: "number",
  label: "Speed",
  default: 10,
  min: 0.1,
  max: fastest,
  slider: [1, fastest],
  scale: "log",
  help: "Steps per second. Up to ten, each step is taken move by move.",
};

const limits = { steps: stoppingFields.steps, epochs: stoppingFields.epochs, seconds: stoppingFields.seconds };

/** Speed, limits, and fresh starts: a menu at the end of the transport. */
export function TransportMore(props: { readonly disabled: boolean }) {
  const { speed } = usePlayground();
  const id = createUniqueId();
  const [isOpen, setOpen] = createSignal(false);
  return (
    <>
      <button
        type="button"
        class="btn ico more-transport"
        aria-label="Speed and limits"
        title="Speed, limits, new weights, new data"
        disabled={props.disabled}
        popovertarget={id}
      >
        <Icon glyph="dials" />
        <Show when={Number.isFinite(speed())}>
          <span class="rate">{formatSetting(speed())}/s</span>
        </Show>
      </button>
      <fieldset
        id={id}
        class="transport-menu"
        popover="auto"
        aria-label="Speed and limits of the run"
        onToggle={(event) => setOpen(event.newState === "open")}
      >
        <Show when={isOpen()}>
          <Starts />
          <Speed />
          <Limits />
        </Show>
      </fieldset>
    </>
  );
}

function Starts() {
  const { stepMove, stepEpoch, newWeights, newData } = usePlayground();
  return (
    <div class="starts">
      <button type="button" class="btn narrow" onClick={stepMove}>
        One move
      </button>
      <button type="button" class="btn narrow" onClick={stepEpoch}>
        One epoch
      </button>
      <button type="button" class="btn" title="Other initial weights, same data and order" onClick={newWeights}>
        New weights
      </button>
      <button type="button" class="btn" title="Other examples of the same kind" onClick={newData}>
        New data
      </button>
    </div>
  );
}

function Speed() {
  const { speed, setSpeed } = usePlayground();
  const isFull = () => !Number.isFinite(speed());
  const [chosen, setChosen] = createSignal(isFull() ? speedField.default : speed());
  const choose = (stepsPerSecond: number) => {
    setChosen(stepsPerSecond);
    setSpeed(stepsPerSecond);
  };
  return (
    <>
      <Toggle
        label="Full speed"
        value={isFull()}
        help="As many steps as the device can"
        onChange={(full) => setSpeed(full ? Number.POSITIVE_INFINITY : chosen())}
      />
      <NumberControl parameter={speedField} value={chosen()} onChange={choose} />
      <p class="note">
        {isFull() ? "Not limited." : `At most ${formatSetting(chosen())} steps per second.`}
        {chosen() <= 10 && !isFull() ? " Each step is taken move by move." : ""}
      </p>
    </>
  );
}

function Limits() {
  const { store } = usePlayground();
  const stopping = () => store.config().stopping;
  return (
    <>
      <h3>Stop after</h3>
      <Hyperparameters
        descriptions={limits}
        values={{ ...stopping() }}
        baseline={{ ...store.baseline().stopping }}
        onChange={(values) => store.change({ ...store.config(), stopping: { ...stopping(), ...values } })}
      />
      <p class="note">0 is no limit.</p>
    </>
  );
}
