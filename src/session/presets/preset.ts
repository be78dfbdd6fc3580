import { checkConfig } from "../check.ts";
import type { ActivationKind, RunConfig } from "../config.ts";
import type { RunRecord } from "../diagnosis/record.ts";

/** What a preset promises, and how a test holds it to that. */
export interface PresetResult {
  /** One sentence: what is there after `steps` steps. */
  readonly text: string;
  readonly steps: number;
  /** Whether a run of so many steps came out as the text says. */
  readonly check: (run: RunRecord) => boolean;
}

/** A named run to start from. */
export interface Preset {
  readonly label: string;
  /** One sentence: what there is to see. */
  readonly purpose: string;
  /** One sentence: what to do with it. */
  readonly try: string;
  readonly config: RunConfig;
  readonly result: PresetResult;
  /** Presets to go on to: a cure, or the other side of a comparison. */
  readonly next?: readonly string[];
}

/** Presets of one theme, in menu order. */
export interface PresetGroup {
  readonly label: string;
  readonly presets: Readonly<Record<string, Preset>>;
}

/** A configuration from what differs from the defaults; a preset that does not hold fails when the page loads. */
export function configured(differences: object): RunConfig {
  const checked = checkConfig(differences);
  if (!checked.ok) throw new Error(`preset: ${checked.problems.join(" ")} Correct its configuration.`);
  return checked.config;
}

/** Hidden layers of one activation. */
export const layers = (activation: ActivationKind, ...widths: readonly number[]) => ({
  layers: widths.map((width) => ({ width, activation })),
});

/** Hidden ReLU layers with the initial weights that suit them. */
export const reluLayers = (...widths: readonly number[]) => ({
  ...layers("relu", ...widths),
  initializer: { kind: "heUniform" },
});

const missing = Number.NaN;

/** The last evaluation of a split; NaN, which no comparison holds for, where there is none. */
export const lastLoss = (run: RunRecord, split: "train" | "validation"): number => run[split].at(-1)?.loss ?? missing;
export const lastAccuracy = (run: RunRecord, split: "train" | "validation"): number =>
  run[split].at(-1)?.accuracy ?? missing;
export const bestLoss = (run: RunRecord, split: "train" | "validation"): number =>
  Math.min(...run[split].map(({ loss }) => loss));
export const worstLoss = (run: RunRecord, split: "train" | "validation"): number =>
  Math.max(...run[split].map(({ loss }) => loss));

/** L2 norms of the weight matrices' gradients, first layer first. */
export const gradNorms = (run: RunRecord): readonly number[] =>
  (run.measured?.tensors ?? []).filter(({ name }) => name.endsWith(".weight")).map(({ gradNorm }) => gradNorm);

/** The largest fraction of units without a gradient in any layer. */
export const mostDead = (run: RunRecord): number =>
  Math.max(...(run.measured?.layers ?? []).map(({ deadUnits }) => deadUnits));
