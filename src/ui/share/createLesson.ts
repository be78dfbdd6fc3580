import { formatSetting } from "../../lib/format.ts";
import type { RunConfig } from "../../session/config.ts";
import type { Overlay } from "../plots/source.ts";
import { labelAt } from "../runs/differences.ts";
import { decodeShare, encodeShare, parts, refusalOf, type Share } from "./link.ts";

/** How an ingredient may be used: not at all, only looked at, or as ever. */
export type Access = "hidden" | "locked" | "free";

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
  /** Says that an ingredient is locked, and what of it is not. */
  readonly lockText: (title: string) => string;
  /** Paths of the settings of a locked ingredient that are free. */
  readonly freePaths: (title: string) => readonly string[];
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
    const title = `goal ${formatSetting(goal.value)}`;
    curves.push({ id: "goal", token: "--ink", dash: goalDash, title, points: level });
  }
  return curves;
}

const partOf = (title: string): string | undefined => Object.entries(parts).find(([, label]) => label === title)?.[0];

const freePathsOf = ({ free }: Share, title: string): readonly string[] =>
  free.filter((path) => path.startsWith(`${partOf(title)}.`));

function lockTextOf(share: Share, config: RunConfig, title: string): string {
  const names = freePathsOf(share, title).map((path) => labelAt(config, path));
  return names.length === 0 ? "Locked by the link." : `Locked by the link, but for the ${names.join(" and the ")}.`;
}

function accessOf({ locked, hidden }: Share, title: string): Access {
  const part = partOf(title);
  if (hidden.some((name) => name === part)) return "hidden";
  return locked.some((name) => name === part) ? "locked" : "free";
}

function lessonOf(share: Share, config: RunConfig): Lesson {
  const text = encodeShare(share);
  return {
    ...{ share, config },
    address: text === "" ? "" : `&${text}`,
    refusal: (before, after) => refusalOf(share, before, after),
    access: (title) => accessOf(share, title),
    lockText: (title) => lockTextOf(share, config, title),
    freePaths: (title) => freePathsOf(share, title),
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
