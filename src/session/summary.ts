import type { PreparedData } from "../data/prepare.ts";
import type { Device } from "../devices/device.ts";
import type { DeviceStatus, RunSummary } from "./protocol.ts";
import type { Run } from "./run.ts";

/** A device in the page's words, and why it is this one. */
export const statusOf = ({ kind, label, software }: Device, reason: string): DeviceStatus => ({
  ...{ kind: kind === "cpu" ? "cpu" : "webgpu", label, reason, software },
});

export interface SummaryContext {
  readonly data: PreparedData;
  readonly status: DeviceStatus;
  /** From the command to the compiled run. */
  readonly milliseconds: number;
}

/** What the page shows of a run before its first step. */
export function summarize(run: Run, { data, status, milliseconds }: SummaryContext): RunSummary {
  const { splits, task, featureNames, targetNames, notes } = data;
  return {
    device: status,
    parameterCount: run.parameterCount,
    memory: run.plan.plan.memory.bytesByRole,
    callsPerStep: run.plan.plan.programs.step.calls.length,
    ...{ task, featureNames, targetNames, dataNotes: notes, milliseconds },
    counts: { train: splits.train.count, validation: splits.validation.count, test: splits.test.count },
    stepsPerEpoch: run.stepsPerEpoch,
  };
}
