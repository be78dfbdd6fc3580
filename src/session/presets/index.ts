import { memberOf } from "../../lib/registry.ts";
import { batches } from "./batches.ts";
import { devices } from "./devices.ts";
import { gradients } from "./gradients.ts";
import { initialisation } from "./initialisation.ts";
import { learningRate } from "./learningRate.ts";
import { optimizers } from "./optimizers.ts";
import { overfitting } from "./overfitting.ts";
import { precision } from "./precision.ts";
import type { Preset, PresetGroup } from "./preset.ts";
import { start } from "./start.ts";

export type { Preset, PresetGroup, PresetResult } from "./preset.ts";
export { startForImages } from "./start.ts";

/** The named runs by theme, in menu order. */
export const presetGroups: readonly PresetGroup[] = [
  start,
  overfitting,
  learningRate,
  gradients,
  initialisation,
  batches,
  optimizers,
  precision,
  devices,
];

/** All named runs, in menu order. */
export const presets: Readonly<Record<string, Preset>> = Object.fromEntries(
  presetGroups.flatMap((group) => Object.entries(group.presets)),
);

/** The preset of this name. Throws on a name that is not there. */
export const presetOf = (name: string): Preset => memberOf(presets, name);
