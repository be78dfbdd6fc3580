import { memberOf } from "../lib/registry.ts";
import { checkConfig } from "./check.ts";
import { defaultConfig, type RunConfig } from "./config.ts";

/** A named run to start from. */
export interface Preset {
  readonly label: string;
  /** One sentence: what there is to see. */
  readonly description: string;
  readonly config: RunConfig;
}

/** A configuration from what differs from the defaults; a preset that does not hold fails when the page loads. */
function configured(differences: unknown): RunConfig {
  const checked = checkConfig(differences);
  if (!checked.ok) throw new Error(`preset: ${checked.problems.join(" ")} Correct its configuration.`);
  return checked.config;
}

const layers = (activation: RunConfig["model"]["layers"][number]["activation"], ...widths: readonly number[]) => ({
  layers: widths.map((width) => ({ width, activation })),
});

const registry = {
  spirals: {
    label: "Spirals",
    description: "Three arms wound around each other, which two small hidden layers learn to tell apart.",
    config: defaultConfig,
  },
  moons: {
    label: "Moons",
    description: "Two half circles that reach into each other: eight units bend one line around both.",
    config: configured({ data: { kind: "moons" }, model: layers("tanh", 8) }),
  },
  circles: {
    label: "Circles",
    description: "A ring inside a ring, closed off by a handful of straight ReLU edges.",
    config: configured({
      data: { kind: "circles" },
      model: { ...layers("relu", 8), initializer: { kind: "heUniform" } },
    }),
  },
  sineRegression: {
    label: "Sine regression",
    description: "A curve fitted to noisy points of a sine wave, the slow part first.",
    config: configured({ data: { kind: "sine" }, model: layers("tanh", 32, 32) }),
  },
  overfit: {
    label: "Overfit a few noisy points",
    description:
      "A large network learns forty noisy points by heart: the training loss falls while the validation loss rises.",
    config: configured({
      data: { kind: "moons", size: 80, noise: 0.6, train: 0.5, validation: 0.5 },
      model: { ...layers("relu", 128, 128), initializer: { kind: "heUniform" } },
      optimizer: { kind: "adamw", weightDecay: 0 },
    }),
  },
  learningRateTooHigh: {
    label: "Learning rate too high",
    description:
      "The steps are so long that they jump over the valley: the loss climbs and swings instead of settling.",
    config: configured({
      data: { kind: "sine" },
      model: { ...layers("relu", 32, 32), initializer: { kind: "heUniform" } },
      optimizer: { kind: "sgd", learningRate: 1, momentum: 0.9 },
    }),
  },
} as const satisfies Readonly<Record<string, Preset>>;

/** The named runs, in menu order. */
export const presets: Readonly<Record<string, Preset>> = registry;

/** The preset of this name. Throws on a name that is not there. */
export const presetOf = (name: string): Preset => memberOf(presets, name);
