import type { BatchOfStep } from "../../engine/schedules/schedule.ts";
import type { RunConfig } from "../../session/config.ts";
import type { RunSummary } from "../../session/protocol.ts";

/** The batch that a step really takes: never more examples than there are. */
export function batchOfStep({ compute }: RunConfig, summary: RunSummary | undefined): BatchOfStep {
  const { batchSize, accumulation } = compute;
  return { batchSize: Math.min(batchSize, summary?.counts.train ?? batchSize), accumulation };
}
