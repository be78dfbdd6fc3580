import { type Controls, uncontrolled } from "../engine/control.ts";
import { memberOf } from "../lib/registry.ts";
import { type ClippingConfig, clippings, type RunConfig } from "./config.ts";

/** Whether the loss is scaled. Only half precision overflows, and bfloat16 has float32's range: scaling is for float16. */
export const scalesLoss = ({ precision, lossScaling }: RunConfig["compute"]): boolean =>
  precision === "f16" && lossScaling === "dynamic";

// The configuration was checked against the clipping's definition, so its values are the ones that it asks for.
const boundsOf = (clipping: ClippingConfig) => memberOf(clippings, clipping.kind).bounds(clipping as never);

/** Whether gradients are clipped. */
export function clips({ optimizer }: RunConfig): boolean {
  const { maxNorm, limit } = boundsOf(optimizer.clipping);
  return maxNorm < uncontrolled.maxNorm || limit < uncontrolled.limit;
}

/** What steers the steps of a run, by its configuration. */
export function controlsOf({ optimizer, loss, model, data, compute }: RunConfig): Controls {
  return {
    ...boundsOf(optimizer.clipping),
    growthInterval: scalesLoss(compute) ? compute.growthInterval : 0,
    l1: loss.l1,
    l2: loss.l2,
    inputNoise: data.inputNoise,
    dropout: model.dropout,
  };
}

/** The loss scale before the first step. */
export const firstLossScale = ({ compute }: RunConfig): number => (scalesLoss(compute) ? compute.initialLossScale : 1);
