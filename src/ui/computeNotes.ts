import { formatBytes, formatCount } from "../lib/format.ts";
import type { RunSummary } from "../session/protocol.ts";

/** What activation checkpointing saves and costs: "Activations: 1.2 MB instead of 4.8 MB, 8 more calls a step." */
export function checkpointingInWords({ bytes, calls }: RunSummary["checkpointing"]): string {
  const [without, withIt] = bytes;
  const more = calls[1] - calls[0];
  const cost = more === 0 ? "no more calls" : `${formatCount(more)} more ${more === 1 ? "call" : "calls"} a step`;
  if (withIt >= without) return `Activations: ${formatBytes(withIt)} either way, ${cost}. Deeper models save memory.`;
  return `Activations: ${formatBytes(withIt)} instead of ${formatBytes(without)}, ${cost}.`;
}

/** What the loss is multiplied by, and how often that was too much: "Loss scale 65,536, 3 of 120 steps skipped." */
export function scalingInWords(lossScale: number, skipped: number, steps: number): string {
  return `Loss scale ${formatCount(lossScale)}, ${formatCount(skipped)} of ${formatCount(steps)} steps skipped.`;
}
