import { createSignal, createUniqueId, For, Show } from "solid-js";
import { type Goal, type GoalMetric, goalMetrics } from "./goal.ts";
import { type Part, parts, type Share } from "./link.ts";

type Lock = "free" | "locked" | "hidden";

const allFree: Readonly<Record<Part, Lock>> = {
  ...{ data: "free", model: "free", loss: "free", optimizer: "free", compute: "free" },
};
const learningRate = "optimizer.learningRate";
const partNames = Object.keys(parts) as readonly Part[];

/** The choices of a teacher. */
export function createClassroom() {
  const [locks, setLocks] = createSignal(allFree);
  const [keepsRate, setKeepsRate] = createSignal(false);
  const [metric, setMetric] = createSignal<GoalMetric | "none">("none");
  const [value, setValue] = createSignal(0.3);
  const [steps, setSteps] = createSignal(500);
  const goal = (): Goal | undefined => {
    const chosen = metric();
    return chosen === "none" ? undefined : { metric: chosen, value: value(), steps: steps() };
  };
  const withLock = (lock: Lock) => partNames.filter((part) => locks()[part] === lock);
  const share = (): Share => {
    const asked = goal();
    const isFree = keepsRate() && locks().optimizer === "locked";
    return {
      ...{ locked: withLock("locked"), hidden: withLock("hidden"), free: isFree ? [learningRate] : [] },
      ...(asked && { goal: asked }),
    };
  };
  const lock = (part: Part, how: Lock) => setLocks((before) => ({ ...before, [part]: how }));
  return { locks, lock, keepsRate, setKeepsRate, metric, setMetric, value, setValue, steps, setSteps, share };
}

type Classroom = ReturnType<typeof createClassroom>;

/** What each ingredient lets the class do. */
export function Locks(props: { readonly room: Classroom }) {
  const id = createUniqueId();
  return (
    <For each={partNames}>
      {(part) => (
        <>
          <div class="row two">
            <label class="lab" for={`${id}-${part}`}>
              {parts[part]}
            </label>
            <span class="end">
              <select
                id={`${id}-${part}`}
                onChange={(event) => props.room.lock(part, event.currentTarget.value as Lock)}
              >
                <option value="free">free</option>
                <option value="locked">locked</option>
                <option value="hidden">hidden</option>
              </select>
            </span>
          </div>
          <Show when={part === "optimizer" && props.room.locks().optimizer === "locked"}>
            <label class="check">
              <input
                type="checkbox"
                checked={props.room.keepsRate()}
                onChange={(event) => props.room.setKeepsRate(event.currentTarget.checked)}
              />
              The learning rate stays free
            </label>
          </Show>
        </>
      )}
    </For>
  );
}

/** A number that a field holds, where it is one. */
const typed = (input: HTMLInputElement, accept: (value: number) => void) => {
  if (input.checkValidity() && Number.isFinite(input.valueAsNumber)) accept(input.valueAsNumber);
};

/** What the class is to reach. */
export function GoalFields(props: { readonly room: Classroom }) {
  const id = createUniqueId();
  return (
    <>
      <div class="row two">
        <label class="lab" for={`${id}-goal`}>
          Goal
        </label>
        <span class="end">
          <select
            id={`${id}-goal`}
            onChange={(event) => {
              const chosen = event.currentTarget.value as GoalMetric | "none";
              props.room.setValue(chosen === "accuracy" ? 0.95 : 0.3);
              props.room.setMetric(chosen);
            }}
          >
            <option value="none">none</option>
            <For each={Object.entries(goalMetrics)}>
              {([name, { label, falls }]) => (
                <option value={name}>
                  {label} {falls ? "below" : "above"}
                </option>
              )}
            </For>
          </select>
        </span>
      </div>
      <Show when={props.room.metric() !== "none"}>
        <div class="row two">
          <label class="lab" for={`${id}-value`}>
            Value
          </label>
          <input
            id={`${id}-value`}
            type="number"
            min="0.000001"
            max="1000000"
            step="any"
            value={props.room.value()}
            onInput={(event) => typed(event.currentTarget, props.room.setValue)}
          />
        </div>
        <div class="row two">
          <label class="lab" for={`${id}-steps`}>
            Within steps (0: no limit)
          </label>
          <input
            id={`${id}-steps`}
            type="number"
            min="0"
            max="1000000000"
            step="1"
            value={props.room.steps()}
            onInput={(event) => typed(event.currentTarget, props.room.setSteps)}
          />
        </div>
      </Show>
    </>
  );
}
