import { formatBytes, formatCount, formatCounted, formatPercent } from "../lib/format.ts";
import type { RunSummary } from "../session/protocol.ts";

/**
 * What activation checkpointing saves and costs, or would: "A step's activations take 1.2 MB instead of 4.8 MB, for 27 % more
 * multiplications in 8 more calls."
 */
export function checkpointingInWords({ bytes, ...cost }: RunSummary["checkpointing"], isOn: boolean): string {
  const [without, withIt] = bytes;
  const take = `A step's activations ${isOn ? "take" : "would take"} ${formatBytes(withIt)}`;
  if (withIt >= without) return `${take} either way, for ${workInWords(cost)}. Deeper models save memory.`;
  return `${take} instead of ${formatBytes(without)}, for ${workInWords(cost)}.`;
}

function workInWords({ calls, multiplications }: Omit<RunSummary["checkpointing"], "bytes">): string {
  const more = calls[1] - calls[0];
  if (more === 0) return "no more work";
  const [before, after] = multiplications;
  const share = formatPercent(before > 0 ? after / before - 1 : 0);
  return `${share} more multiplications in ${formatCounted(more, "more call")}`;
}

/** How the device at hand keeps a number of half precision, in bytes; not every one has room to gain from it. */
export function storageInWords(precision: string, bytes: number): string {
  if (bytes < 4)
    return `Activations, their gradients and the weights that they are computed with take ${bytes} bytes a number.`;
  return `This device emulates ${precision}: it rounds each number and keeps it in ${bytes} bytes, so neither memory nor time is saved.`;
}

/** What the loss is multiplied by, and how often that was too much: "Loss scale 65,536, 3 of 120 steps skipped." */
export function scalingInWords(lossScale: number, skipped: number, steps: number): string {
  return `Loss scale ${formatCount(lossScale)}, ${formatCount(skipped)} of ${formatCount(steps)} steps skipped.`;
}
