import { lazy, Show } from "solid-js";
import { usePlayground } from "../playground.ts";

const LessonLine = lazy(async () => ({ default: (await import("./LessonLine.tsx")).LessonLine }));

/** Where the page says what its link asks for, if it asks for anything. */
export function LessonPlace() {
  const { lessons } = usePlayground();
  return <Show when={lessons.lesson()}>{(lesson) => <LessonLine lesson={lesson()} />}</Show>;
}
