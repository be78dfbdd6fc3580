import { type Accessor, createSignal } from "solid-js";
import type { RunConfig } from "../../session/config.ts";
import { splitHash } from "../../session/url.ts";
import type { Lesson } from "./createLesson.ts";

export interface Lessons {
  /** What the link says besides its configuration; nothing for an ordinary link. */
  readonly lesson: Accessor<Lesson | undefined>;
  /** Takes the share part of a hash; the code for it is loaded where there is one. */
  readonly read: (hash: string, config: RunConfig) => void;
  /** Frees what the link locks. */
  readonly unlock: () => void;
  /** Away with it: an ordinary page from now on. */
  readonly leave: () => void;
}

/** Links that carry more than a configuration: a ghost, a goal, locks. */
export function createLessons(report: (problem: string) => void): Lessons {
  const [lesson, setLesson] = createSignal<Lesson>();
  let reads = 0;
  const read = async (hash: string, config: RunConfig) => {
    reads += 1;
    const mine = reads;
    const { share } = splitHash(hash);
    if (share === "") {
      setLesson(undefined);
      return;
    }
    const { readLesson } = await import("./createLesson.ts");
    // Another link may have come meanwhile.
    if (mine !== reads) return;
    const { lesson: taken, problems } = readLesson(share, config);
    for (const problem of problems) report(problem);
    setLesson(taken.address === "" ? undefined : taken);
  };
  return {
    lesson,
    read,
    unlock: () => setLesson((before) => before?.unlocked()),
    leave: () => setLesson(undefined),
  };
}
