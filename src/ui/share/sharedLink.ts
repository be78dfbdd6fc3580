import type { RunConfig } from "../../session/config.ts";
import type { MetricsHistory } from "../../session/metrics.ts";
import { encodeConfig } from "../../session/url.ts";
import type { Ghost, GhostPoint } from "./ghost.ts";
import { encodeShare, type Share } from "./link.ts";

/** More points than a link ever carries: the run's columns can be a million steps long. */
const mostSampled = 2000;

/** Points of a run close together at its start, as the link takes them. */
function sampledSteps({ step, loss }: MetricsHistory): readonly GhostPoint[] {
  const last = step.length - 1;
  const count = Math.min(step.length, mostSampled);
  const places = Array.from({ length: count }, (_, index) =>
    count === step.length ? index : Math.round(last * (index / (count - 1)) ** 2),
  );
  return [...new Set(places)].map((place) => ({ step: step[place] ?? 0, loss: loss[place] ?? Number.NaN }));
}

/** The run so far as a link carries it; none before its first step. */
export function ghostOf(history: MetricsHistory): Ghost | undefined {
  if (history.length === 0) return undefined;
  return { training: sampledSteps(history), validation: history.validation.map(({ step, loss }) => ({ step, loss })) };
}

/** The address of a configuration and what is shared with it. A goal with a limit ends the run there. */
export function linkOf(base: string, config: RunConfig, share: Share): string {
  const limit = share.goal?.steps ?? 0;
  const sent = limit > 0 ? { ...config, stopping: { ...config.stopping, steps: limit } } : config;
  const text = encodeShare(share);
  return `${base}#${encodeConfig(sent)}${text === "" ? "" : `&${text}`}`;
}

/** The same address for use inside of a page. */
export const embedOf = (link: string): string => {
  const [base = "", hash = ""] = link.split("#");
  const code = `${base}?embed#${hash}`.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  return `<iframe src="${code}" title="Downhill" width="960" height="640" style="border:0"></iframe>`;
};
