import type { MetricsHistory } from "../../session/metrics.ts";

/** Something that happened to the run at a step: a change by hand, a rewind, a stop. */
export interface Marker {
  readonly step: number;
  readonly label: string;
  /** "stop" is drawn in the colour of a stopped run; any other kind as an event. */
  readonly kind: string;
}

/** The validation loss of another run, or the mean of several. */
export interface Overlay {
  readonly id: string;
  /** Design tokens of its colour and its dash pattern. */
  readonly token: string;
  readonly dash: string;
  /** What a horizontal line says above its left end. */
  readonly title?: string;
  readonly points: readonly { readonly step: number; readonly loss: number }[];
  /** The lowest and the highest of several runs at each of the points. */
  readonly band?: readonly { readonly low: number; readonly high: number }[];
}

/** How steps turn into the other units of the x axis. */
export interface Clock {
  /** Examples seen up to a step. */
  samplesAt(step: number): number;
  epochsAt(step: number): number;
  /** Of training, pauses left out; after the newest step as fast as before on average. */
  secondsAt(step: number): number;
}

/** Everything that plots draw from. */
export interface PlotSource {
  readonly history: MetricsHistory;
  readonly clock: Clock;
  /** Gradients are clipped, by norm or by value. */
  readonly clips: boolean;
  /** The largest norm that clipping leaves a gradient, where it clips. */
  readonly clipNorm: number | undefined;
  /** The loss is multiplied before the way back, by as much as half precision bears. */
  readonly scalesLoss: boolean;
  /** The loss of the best constant answer; nothing where it is not known, or 0. */
  readonly guess: number | undefined;
  /** Device memory held now, in bytes. */
  readonly liveBytes: number | undefined;
  readonly overlays: readonly Overlay[];
  readonly markers: readonly Marker[];
}

export interface Batching {
  /** Of the training split. */
  readonly examples: number;
  readonly batchSize: number;
  /** Micro-batches per step. */
  readonly accumulation: number;
}

/** A clock for a run of these batches. The last batch of an epoch takes what is left. */
export function clockOf({ examples, batchSize, accumulation }: Batching, history: MetricsHistory): Clock {
  const batch = Math.max(1, Math.min(batchSize, examples));
  const batchesPerEpoch = Math.max(1, Math.ceil(examples / batch));
  const samplesAt = (step: number) => {
    const batches = step * accumulation;
    const epochs = Math.floor(batches / batchesPerEpoch);
    return epochs * examples + Math.min(examples, (batches - epochs * batchesPerEpoch) * batch);
  };
  return {
    samplesAt,
    epochsAt: (step) => samplesAt(step) / Math.max(1, examples),
    secondsAt(step) {
      const newest = history.step.at(-1) ?? 0;
      const seconds = history.secondsAt(step);
      return step > newest && newest > 0 ? (seconds * step) / newest : seconds;
    },
  };
}
