import { createMemo } from "solid-js";
import { formatSetting } from "../../lib/format.ts";
import type { NumberParameter } from "../../lib/hyperparameters.ts";
import { stoppingFields } from "../../session/fields.ts";
import { Hyperparameters } from "../controls/Hyperparameters.tsx";
import { NumberControl } from "../controls/NumberControl.tsx";
import { Toggle } from "../controls/Toggle.tsx";
import { Icon } from "../Icon.tsx";
import { showKeys } from "../keys.ts";
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

/** What is rarer than play and step. */
export default function TransportMenu() {
  return (
    <>
      <Edits />
      <Starts />
      <Speed />
      <Limits />
    </>
  );
}

/** What the bar of a phone has no room for. */
function Edits() {
  const { store } = usePlayground();
  return (
    <div class="starts edits">
      <button type="button" class="btn" disabled={store.log.done().length === 0} onClick={() => store.undo()}>
        <Icon glyph="undo" />
        Undo
      </button>
      <button type="button" class="btn" disabled={store.log.undone().length === 0} onClick={() => store.redo()}>
        <Icon glyph="redo" />
        Redo
      </button>
      <button type="button" class="btn" onClick={showKeys}>
        <Icon glyph="help" />
        Keys
      </button>
    </div>
  );
}

function Starts() {
  const { stepEpoch, newWeights, newData } = usePlayground();
  return (
    <div class="starts">
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
  /** The newest speed that had a limit. */
  const chosen = createMemo<number>((before) => (isFull() ? before : speed()), speedField.default);
  return (
    <>
      <Toggle
        label="Full speed"
        value={isFull()}
        help="As many steps as the device can"
        onChange={(full) => setSpeed(full ? Number.POSITIVE_INFINITY : chosen())}
      />
      <NumberControl parameter={speedField} value={chosen()} onChange={setSpeed} />
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
      <h2>Stop after</h2>
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
