import { createMemo, Show } from "solid-js";
import { sameData } from "../configStore.ts";
import { Icon } from "../Icon.tsx";
import { usePlayground } from "../playground.ts";
import type { Lesson } from "./createLesson.ts";
import { compareWithGhost, describeComparison, type Ghost } from "./ghost.ts";
import { describeGoal, describeProgress, type Goal, progressOf } from "./goal.ts";

/** The goal, how far the run is, and whether it was reached in time. */
function GoalText(props: { readonly goal: Goal }) {
  const { trainer } = usePlayground();
  const progress = createMemo(
    () => {
      trainer.readings();
      return progressOf(props.goal, trainer.history.validation, trainer.step());
    },
    undefined,
    { equals: sameData },
  );
  const words = () => describeProgress(props.goal, progress(), trainer.step());
  return (
    <div class="goal" data-state={progress().state}>
      <p>
        <strong>Goal: {describeGoal(props.goal)}.</strong>{" "}
        <span role="status" aria-label="Goal">
          {words()}
        </span>
      </p>
      <Show when={props.goal.steps > 0 && progress().state === "open"}>
        <progress aria-label="Steps towards the goal" max={props.goal.steps} value={trainer.step()} />
      </Show>
    </div>
  );
}

/** Whether the run reproduces the sender's. */
function GhostText(props: { readonly ghost: Ghost; readonly lesson: Lesson }) {
  const { store, trainer } = usePlayground();
  const isSame = createMemo(() => sameData(store.config(), props.lesson.config));
  const words = createMemo(() => {
    trainer.readings();
    if (!isSame()) return "Other settings than the sender’s: the curves are not compared.";
    return describeComparison(props.ghost, compareWithGhost(props.ghost, trainer.history));
  });
  return (
    <p role="status" aria-label="Sender’s curve" title="Devices round differently, and long runs amplify it.">
      {words()}
    </p>
  );
}

/** What the link that opened the page asks for. */
export function LessonLine(props: { readonly lesson: Lesson }) {
  const { lessons } = usePlayground();
  const limits = () =>
    [props.lesson.share.hidden.length > 0 ? "hides" : "", props.lesson.share.locked.length > 0 ? "locks" : ""]
      .filter((word) => word !== "")
      .join(" and ");
  const isLocked = () => limits() !== "";
  return (
    <section class="lesson" aria-label="From the link">
      <Icon glyph="share" class="mark" />
      <div class="says">
        <Show when={props.lesson.share.goal}>{(goal) => <GoalText goal={goal()} />}</Show>
        <Show when={props.lesson.share.ghost}>{(ghost) => <GhostText ghost={ghost()} lesson={props.lesson} />}</Show>
        <Show when={isLocked() && props.lesson.share.goal === undefined && props.lesson.share.ghost === undefined}>
          <p>This link {limits()} some settings.</p>
        </Show>
      </div>
      <Show when={isLocked()}>
        <button type="button" class="btn" onClick={() => lessons.unlock()}>
          Unlock the settings
        </button>
      </Show>
      <button
        type="button"
        class="btn ico"
        aria-label="Leave the lesson"
        title="Go on without what the link asks for"
        onClick={() => lessons.leave()}
      >
        <Icon glyph="close" />
      </button>
    </section>
  );
}
