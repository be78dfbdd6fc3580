import type { RunConfig } from "../../session/config.ts";
import type { Overlay } from "../plots/source.ts";
import { decodeShare, encodeShare, parts, refusalOf, type Share } from "./link.ts";

/** How an ingredient may be used: not at all, only looked at, looked at but for a few settings, or as ever. */
export type Access = "hidden" | "locked" | "partly" | "free";

/** What a link says besides its configuration, at work on the page. */
export interface Lesson {
  readonly share: Share;
  /** What the link asks to start from. */
  readonly config: RunConfig;
  /** How the link is written, with `&` at its start. */
  readonly address: string;
  readonly refusal: (before: RunConfig, after: RunConfig) => string | undefined;
  /** @param title of an ingredient's card. */
  readonly access: (title: string) => Access;
  /** The ghost and the goal, for the loss plot. */
  readonly overlays: readonly Overlay[];
  /** The same without locks. */
  readonly unlocked: () => Lesson;
}

const ghostDash = "1 2";
const goalDash = "6 4";

function overlaysOf({ ghost, goal }: Share): readonly Overlay[] {
  const curves: Overlay[] = [];
  const points = ghost === undefined || ghost.validation.length > 0 ? ghost?.validation : ghost.training;
  if (points !== undefined) curves.push({ id: "ghost", token: "--ink-3", dash: ghostDash, points });
  if (goal?.metric === "loss" && goal.steps > 0) {
    const level = [0, goal.steps].map((step) => ({ step, loss: goal.value }));
    curves.push({ id: "goal", token: "--ink", dash: goalDash, points: level });
  }
  return curves;
}

function accessOf({ locked, hidden, free }: Share, title: string): Access {
  const part = Object.entries(parts).find(([, label]) => label === title)?.[0];
  if (hidden.some((name) => name === part)) return "hidden";
  if (!locked.some((name) => name === part)) return "free";
  return free.some((path) => path.startsWith(`${part}.`)) ? "partly" : "locked";
}

function lessonOf(share: Share, config: RunConfig): Lesson {
  const text = encodeShare(share);
  return {
    ...{ share, config },
    address: text === "" ? "" : `&${text}`,
    refusal: (before, after) => refusalOf(share, before, after),
    access: (title) => accessOf(share, title),
    overlays: overlaysOf(share),
    unlocked: () => lessonOf({ ...share, locked: [], hidden: [], free: [] }, config),
  };
}

export interface ReadLesson {
  readonly lesson: Lesson;
  readonly problems: readonly string[];
}

/** The lesson that the share part of a link holds. What cannot be read of it is left out and named. */
export function readLesson(text: string, config: RunConfig): ReadLesson {
  const { share, problems } = decodeShare(text);
  return { lesson: lessonOf(share, config), problems };
}
