import type { RunConfig } from "../../session/config.ts";
import { differences } from "../runs/differences.ts";
import { decodeGhost, encodeGhost, type Ghost } from "./ghost.ts";
import { decodeGoal, encodeGoal, type Goal } from "./goal.ts";

/** The five ingredients, by their names in a configuration and on the page. */
export const parts = {
  data: "Data",
  model: "Model",
  loss: "Loss",
  optimizer: "Optimizer",
  compute: "Compute",
} as const satisfies Partial<Record<keyof RunConfig, string>>;

export type Part = keyof typeof parts;

/** What a link says besides the configuration. */
export interface Share {
  readonly ghost?: Ghost;
  readonly goal?: Goal;
  /** Ingredients whose settings are shown and cannot be changed. */
  readonly locked: readonly Part[];
  /** Ingredients that are not shown. */
  readonly hidden: readonly Part[];
  /** Settings of locked ingredients that are free all the same: `optimizer.learningRate`. */
  readonly free: readonly string[];
}

export const emptyShare: Share = { locked: [], hidden: [], free: [] };

const MAX_FREE = 20;
/** Longest share part that is read: a ghost, and everything else there is. */
const MAX_SHARE = 4096;

/** The keys of links, in the order in which they are written. */
const keys = { goal: "share.goal", lock: "share.lock", hide: "share.hide", free: "share.free", ghost: "share.ghost" };

/** The part of a hash that carries a share, without `&` at its start; empty for an empty share. */
export function encodeShare({ ghost, goal, locked, hidden, free }: Share): string {
  const pairs = [
    goal && ([keys.goal, encodeGoal(goal)] as const),
    locked.length > 0 && ([keys.lock, locked.join(",")] as const),
    hidden.length > 0 && ([keys.hide, hidden.join(",")] as const),
    free.length > 0 && ([keys.free, free.join(",")] as const),
    ghost && ([keys.ghost, encodeGhost(ghost)] as const),
  ];
  return pairs.flatMap((pair) => (pair ? [pair.join("=")] : [])).join("&");
}

const isPart = (name: string): name is Part => Object.hasOwn(parts, name);

function readParts(text: string): readonly Part[] | undefined {
  const names = [...new Set(text.split(","))];
  return names.every(isPart) ? names : undefined;
}

function readPaths(text: string): readonly string[] | undefined {
  const paths = [...new Set(text.split(","))];
  const isPath = (path: string) => /^[a-z]+(\.[a-zA-Z0-9]+){1,3}$/.test(path) && isPart(path.split(".")[0] ?? "");
  return paths.length <= MAX_FREE && paths.every(isPath) ? paths : undefined;
}

/** What each key gives; `undefined` where its text is not what it should be. */
const readers: Readonly<Record<string, (text: string) => Partial<Share> | undefined>> = {
  [keys.goal]: (text) => {
    const goal = decodeGoal(text);
    return goal && { goal };
  },
  [keys.lock]: (text) => {
    const locked = readParts(text);
    return locked && { locked };
  },
  [keys.hide]: (text) => {
    const hidden = readParts(text);
    return hidden && { hidden };
  },
  [keys.free]: (text) => {
    const free = readPaths(text);
    return free && { free };
  },
  [keys.ghost]: (text) => {
    const ghost = decodeGhost(text);
    return ghost && { ghost };
  },
};

function percentDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

export interface ReadShare {
  readonly share: Share;
  readonly problems: readonly string[];
}

/** Reads what `encodeShare` wrote. Never throws: a pair that is broken is left out and named, the others are taken. */
export function decodeShare(text: string): ReadShare {
  const problems: string[] = [];
  if (text.length > MAX_SHARE) {
    const problem = `share: got ${text.length} characters, expected at most ${MAX_SHARE}. This part is left out.`;
    return { share: emptyShare, problems: [problem] };
  }
  const found = new Map<string, Partial<Share>>();
  for (const pair of text.split("&").filter((part) => part !== "")) {
    const [key = "", ...value] = pair.split("=");
    const reader = Object.hasOwn(readers, key) ? readers[key] : undefined;
    const decoded = percentDecoded(value.join("="));
    const read = decoded === undefined ? undefined : reader?.(decoded);
    const name = reader === undefined ? "share" : key;
    if (read === undefined) problems.push(`${name}: this part of the link cannot be read. It is left out.`);
    else if (found.has(key)) problems.push(`${name}: got a second value, expected one. The first one counts.`);
    else found.set(key, read);
  }
  return { share: Object.assign({}, emptyShare, ...found.values()), problems };
}

/** Whether a setting may be changed. A hidden ingredient is locked too. */
export function isLocked({ locked, hidden, free }: Share, path: readonly string[]): boolean {
  const part = path[0] ?? "";
  return isPart(part) && (locked.includes(part) || hidden.includes(part)) && !free.includes(path.join("."));
}

/** Why a change may not be made: it touches what the link locks. Nothing where it may. */
export function refusalOf(share: Share, before: RunConfig, after: RunConfig): string | undefined {
  const found = differences(before, after).find(({ path }) => isLocked(share, path));
  return found && `${found.label}: the link that opened this page locks it. Unlock the settings to change it.`;
}
