import type { RunConfig } from "../session/config.ts";
import { presets } from "../session/presets/index.ts";
import { sameData } from "./configStore.ts";

/** The name of the preset that a run is, unless something of it was changed. */
export const currentPreset = (config: RunConfig): string | undefined =>
  Object.entries(presets).find(([, preset]) => sameData(preset.config, config))?.[0];
