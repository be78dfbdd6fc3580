import type { ProductLayout } from "./kinds.ts";
import type { StepSetting } from "./report.ts";

/** Inputs and classes of every network that a suite trains: those of 28 x 28 images of ten digits. */
export const INPUTS = 784;
export const CLASSES = 10;

export interface Suite {
  readonly label: string;
  /** About how long it takes, for people. */
  readonly duration: string;
  /** Hidden widths and batch sizes, each in ascending order. */
  readonly widths: readonly number[];
  readonly batches: readonly number[];
  readonly layouts: readonly ProductLayout[];
  /** Of square matrices, in ascending order. */
  readonly sizes: readonly number[];
  /** Where kernels are timed and losses compared. */
  readonly split: StepSetting;
  /** Milliseconds of one measurement, and rounds that it is divided into. */
  readonly budget: number;
  readonly rounds: number;
}

export const suites = {
  quick: {
    label: "Quick",
    duration: "about 20 s",
    widths: [64, 256],
    batches: [1, 8, 64, 512],
    layouts: ["NN"],
    sizes: [64, 128, 256, 512],
    split: { width: 256, batch: 64 },
    budget: 300,
    rounds: 10,
  },
  thorough: {
    label: "Thorough",
    duration: "three to five minutes",
    widths: [32, 128, 512, 1024],
    batches: [1, 4, 16, 64, 256, 1024, 4096],
    layouts: ["NN", "NT", "TN"],
    sizes: [64, 128, 256, 512, 1024, 2048, 4096],
    split: { width: 512, batch: 256 },
    budget: 1000,
    rounds: 20,
  },
} as const satisfies Readonly<Record<string, Suite>>;

export type SuiteName = keyof typeof suites;

export const isSuiteName = (text: string): text is SuiteName => Object.hasOwn(suites, text);

/** The layers of a setting's network. */
export const layersOf = ({ width }: StepSetting): readonly number[] => [INPUTS, width, width, CLASSES];

/** The name of a width's network: `784-256-256-10`. */
export const networkName = (width: number): string => layersOf({ width, batch: 1 }).join("-");
