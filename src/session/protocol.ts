import type { Task } from "../data/dataset.ts";
import type { ImageSize } from "../data/images.ts";
import type { TablePreview } from "../data/table.ts";
import type { CheckpointingCost } from "../engine/compile.ts";
import type { RunConfig } from "./config.ts";
import type { Examination } from "./examination.ts";
import type { TargetSpread } from "./guess.ts";
import type { Measurements } from "./measurements.ts";
import type { MoveReport } from "./moveReport.ts";
import type { Broke } from "./nonFinite.ts";

/**
 * What the page and the trainer's worker say to each other: two discriminated unions. Every run has a generation, a
 * number that grows with each `configure`; a message of an older generation changes nothing, so a late answer of a dead
 * device or of an abandoned run is harmless.
 */

/** Page to worker. */
export type Command =
  /**
   * Compile this configuration and hold a fresh run ready, paused at step 0; `play` starts it at once. A `branch` starts
   * from the weights of the run that was left last, as far as they fit.
   */
  | {
      readonly type: "configure";
      readonly generation: number;
      readonly config: RunConfig;
      readonly play: boolean;
      readonly branch?: boolean;
    }
  /**
   * The run goes on with this from the next submission on, in another program where one is needed. Where the parameters
   * are others, it starts anew.
   */
  | { readonly type: "adjust"; readonly generation: number; readonly config: RunConfig }
  | { readonly type: "play"; readonly generation: number }
  | { readonly type: "pause"; readonly generation: number }
  /** One optimizer step, then pause. */
  | { readonly type: "step"; readonly generation: number }
  /** The next of the four moves of a step, then pause. */
  | { readonly type: "move"; readonly generation: number }
  /** Train to the end of the epoch. */
  | { readonly type: "epoch"; readonly generation: number }
  /** Back to an earlier step; from there on `config` holds. Answered by `cut`. */
  | {
      readonly type: "rewind";
      readonly generation: number;
      readonly step: number;
      readonly config: RunConfig;
      readonly play: boolean;
    }
  /** How fast this run and those to come train; infinity is as fast as they can. */
  | { readonly type: "speed"; readonly stepsPerSecond: number }
  /** Whether to measure tensors and layers a few times a second, in this run and those to come. */
  | { readonly type: "measure"; readonly on: boolean }
  /** Back to step 0 with the same initial weights and the same order of batches. */
  | { readonly type: "reset"; readonly generation: number }
  /** Evaluate the test split. */
  | { readonly type: "test"; readonly generation: number }
  /** Whether to look at the training examples one by one, a few times a second, in this run and those to come. */
  | { readonly type: "examine"; readonly generation: number; readonly on: boolean }
  /**
   * Read a CSV file, or IDX files of images and labels; answered by `tables` or `failure`, or by a `notice` that names the
   * file that is needed besides. It is what `data.kind: "file"` with its name means.
   */
  | { readonly type: "open"; readonly files: readonly File[] };

/** Worker to page. */
export type Event =
  /** What the worker is doing, for long work: opening a file, compiling kernels. */
  | { readonly type: "progress"; readonly message: string; readonly fraction?: number }
  | { readonly type: "ready"; readonly generation: number; readonly summary: RunSummary }
  /**
   * `liveBytes`: device memory held at this moment, by all that is loaded. `stopped`: why the run ended by itself, in a
   * sentence.
   */
  | {
      readonly type: "state";
      readonly generation: number;
      readonly playing: boolean;
      readonly step: number;
      readonly liveBytes: number;
      readonly stopped?: string;
    }
  /** The run moved to another device. */
  | { readonly type: "device"; readonly generation: number; readonly status: DeviceStatus }
  /** The run goes on with another program. */
  | { readonly type: "adapted"; readonly generation: number; readonly summary: RunSummary }
  /** What a single move gave. */
  | { readonly type: "moved"; readonly generation: number; readonly report: MoveReport }
  | { readonly type: "measured"; readonly generation: number; readonly measured: Measured }
  /** The run stopped where its numbers stopped being finite. It stands at the last good step. */
  | { readonly type: "broke"; readonly generation: number; readonly broke: Broke }
  /** The run is at `step` again, and what came after it is no part of it any more. */
  | { readonly type: "cut"; readonly generation: number; readonly step: number }
  | { readonly type: "metrics"; readonly generation: number; readonly metrics: MetricsBatch }
  | { readonly type: "view"; readonly generation: number; readonly view: TaskView }
  | { readonly type: "examined"; readonly generation: number; readonly examination: Examination }
  | { readonly type: "tested"; readonly generation: number; readonly evaluation: Evaluation; readonly times: number }
  /** All files that can be trained on now, the one that was just opened last. */
  | { readonly type: "tables"; readonly previews: readonly TablePreview[] }
  /** Something went another way than asked, and the run goes on: a lost GPU, a device that fell back. */
  | { readonly type: "notice"; readonly message: string }
  /** The run or the file cannot go on; `subject` says what it is about. The page stays usable. */
  | {
      readonly type: "failure";
      readonly generation?: number;
      readonly subject: FailureSubject;
      readonly message: string;
    };

export type FailureSubject = "configuration" | "data" | "device" | "file" | "training";

/** What a run is made of at a step. */
export interface Measured extends Measurements {
  /** Bytes of device memory held then, by all that is loaded. */
  readonly liveBytes: number;
  /** Fraction of the time since the last measurement that this one took; not there for the first. */
  readonly share?: number;
}

/** The device that really runs the program, in words that the page shows as they are. */
export interface DeviceStatus {
  readonly kind: "webgpu" | "cpu";
  /** "WebGPU · NVIDIA H200", "CPU · WebAssembly, 1 thread". */
  readonly label: string;
  /** Why this device: "as chosen", "no WebGPU in this browser", … */
  readonly reason: string;
  readonly software: boolean;
}

/** Bytes of device memory, by what they are for. */
export type MemoryByRole = Readonly<Record<string, number>>;

/** What is known once a run is compiled, before its first step. */
export interface RunSummary {
  readonly device: DeviceStatus;
  readonly parameterCount: number;
  /** Numbers that the optimizer keeps per parameter, besides its value. */
  readonly statePerParameter: number;
  readonly memory: MemoryByRole;
  /** Kernel calls in one training step. */
  readonly callsPerStep: number;
  readonly checkpointing: CheckpointingCost;
  /** Bytes in which the device keeps a number of an activation. */
  readonly bytesPerNumber: number;
  readonly task: Task;
  readonly featureNames: readonly string[];
  readonly targetNames: readonly string[];
  /** Of the training split. */
  readonly targetSpread?: TargetSpread;
  /** Examples per split. */
  readonly counts: { readonly train: number; readonly validation: number; readonly test: number };
  readonly stepsPerEpoch: number;
  /** Notes on the data that the user should know: rows dropped, cells imputed, columns left out. */
  readonly dataNotes: readonly string[];
  /** Milliseconds from `configure` to here. */
  readonly milliseconds: number;
}

/** Losses are means over examples and exclude penalties. `accuracy` is a fraction; regression has none. */
export interface Evaluation {
  readonly step: number;
  readonly loss: number;
  readonly accuracy: number | undefined;
}

/** A loss scale that is another one than that of the step before. */
export interface ScaleChange {
  readonly step: number;
  readonly lossScale: number;
}

/** What loss scaling did in some steps: most of the time nothing. */
export interface LossScaling {
  /** The first one after the run's start, or after a way back, says what the scale is; it is 1 in float32. */
  readonly changes: readonly ScaleChange[];
  /** Steps whose update an overflow in half precision cancelled. */
  readonly skipped: readonly number[];
}

/** The steps since the last message, oldest first, as columns of one length; and the evaluations since. */
export interface MetricsBatch {
  readonly step: Float64Array;
  readonly loss: Float64Array;
  /** Before clipping. */
  readonly gradNorm: Float64Array;
  readonly learningRate: Float64Array;
  /** L1 and L2 penalties on the weights, which the loss excludes. */
  readonly penalty: Float64Array;
  /** What clipping by norm multiplied the gradient by, times the share of elements that clipping by value left: 1 if all. */
  readonly clipFactor: Float64Array;
  /** How long each step took, an equal share of its submission. */
  readonly seconds: Float64Array;
  /** Not there where it did nothing. */
  readonly scaling?: LossScaling;
  /** Of the last step. */
  readonly epoch: number;
  readonly stepsPerSecond: number;
  readonly train: readonly Evaluation[];
  readonly validation: readonly Evaluation[];
  /** Step and name of the tensor whose gradient turned non-finite first, if one did. */
  readonly nonFinite?: { readonly step: number; readonly tensor: string };
}

/** What the task's view draws, at one step. */
export type TaskView =
  /**
   * Two inputs, C classes: class probabilities on a square grid of `size` x `size` points that covers `domain` in both
   * axes, row by row from the lowest y: (size, size, C). Points are (x, y) pairs.
   */
  | {
      readonly kind: "boundary";
      readonly step: number;
      readonly size: number;
      readonly domain: readonly [low: number, high: number];
      readonly probabilities: Float32Array;
      readonly train: LabelledPoints;
      readonly validation: LabelledPoints;
    }
  /** One input, one target: the fitted curve over `domain`. */
  | {
      readonly kind: "curve";
      readonly step: number;
      readonly domain: readonly [low: number, high: number];
      readonly range: readonly [low: number, high: number];
      /** The model's output at evenly spaced inputs over the domain. */
      readonly outputs: Float32Array;
      readonly train: XyPoints;
      readonly validation: XyPoints;
    }
  /** Classification of images: predictions on the validation split. */
  | {
      readonly kind: "images";
      readonly step: number;
      readonly image: ImageSize;
      readonly classNames: readonly string[];
      /** Over all predictions, (C, C): row = actual, column = predicted. */
      readonly counts: Uint32Array;
      /** Always the same few, in the order of the split. */
      readonly examples: ImagePredictions;
      /** Those with the largest loss, largest first. */
      readonly worst: ImagePredictions;
    }
  /** Any other classification: counts on the validation split, (C, C): row = actual, column = predicted. */
  | {
      readonly kind: "confusion";
      readonly step: number;
      readonly classNames: readonly string[];
      readonly counts: Uint32Array;
    }
  /** Any other regression: predicted against actual on the validation split, first target. */
  | {
      readonly kind: "scatter";
      readonly step: number;
      readonly targetName: string;
      readonly actual: Float32Array;
      readonly predicted: Float32Array;
    };

/** Some images and what the model takes them for; N of them. */
export interface ImagePredictions {
  /** (N, height, width), from 0 (paper) to 255 (ink). */
  readonly pixels: Uint8Array;
  readonly actual: Uint16Array;
  readonly predicted: Uint16Array;
  /** Of the predicted class. */
  readonly probability: Float32Array;
  readonly loss: Float32Array;
}

export interface XyPoints {
  readonly x: Float32Array;
  readonly y: Float32Array;
}

export interface LabelledPoints extends XyPoints {
  readonly label: Uint8Array;
}
