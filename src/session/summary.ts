import type { PreparedData } from "../data/prepare.ts";
import type { Device } from "../devices/device.ts";
import type { RunPlan } from "../engine/compile.ts";
import { ALIGNMENT, bytesOf } from "../engine/graph/tensor.ts";
import { numbersPerParameter } from "../engine/optimizers/optimizer.ts";
import { targetSpread } from "./guess.ts";
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

/** Bytes in which the numbers of an activation lie. */
const bytesPerNumber = ({ probe }: RunPlan): number => bytesOf(probe.outputs, ALIGNMENT) / ALIGNMENT;

/** What the page shows of a run before its first step. */
export function summarize(run: Run, { data, status, milliseconds }: SummaryContext): RunSummary {
  const { splits, task, featureNames, targetNames, notes } = data;
  return {
    device: status,
    parameterCount: run.parameterCount,
    statePerParameter: numbersPerParameter(run.plan.state, run.plan.parameters),
    memory: run.plan.plan.memory.bytesByRole,
    callsPerStep: run.plan.plan.programs.step.calls.length,
    ...{ checkpointing: run.plan.checkpointing, bytesPerNumber: bytesPerNumber(run.plan) },
    ...{ task, featureNames, targetNames, dataNotes: notes, milliseconds },
    counts: { train: splits.train.count, validation: splits.validation.count, test: splits.test.count },
    targetSpread: targetSpread(data),
    stepsPerEpoch: run.stepsPerEpoch,
  };
}
