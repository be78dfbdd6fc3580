import { defaultConfig, type RunConfig } from "../session/config.ts";
import { startForImages } from "../session/presets/index.ts";
import { sameData } from "./configStore.ts";

/** What images want otherwise. The seed says nothing about a choice: it changes with a press of a button. */
const choices = ({ model, optimizer, compute }: RunConfig) => ({
  model: { ...model, seed: 0 },
  optimizer,
  batchSize: compute.batchSize,
});

/**
 * The configuration for images that were just opened: a model, an optimizer and a batch size that suit them, as long as
 * the user has chosen none. Not checked yet.
 */
export function withImageStart(config: RunConfig): unknown {
  if (!sameData(choices(config), choices(defaultConfig))) return config;
  const { model, optimizer, compute } = startForImages;
  return {
    ...config,
    model: { ...config.model, ...model },
    optimizer,
    compute: { ...config.compute, ...compute },
  };
}
