import type { RunConfig } from "../../session/config.ts";
import type { Plot } from "../plots/plot.ts";
import type { Shown } from "../plots/shown.ts";
import type { PlotSource } from "../plots/source.ts";

/** A plot of a run, as it is to be written into a file. */
export interface PlotFile {
  readonly plot: Plot;
  readonly source: PlotSource;
  /** As on screen: axes, zoom, smoothing. */
  readonly shown: Shown;
  readonly config: RunConfig;
  /** What trained it, in words. */
  readonly device: string | undefined;
  readonly runName: string;
  readonly date: Date;
}

/** What every file carries, so that the run can be made again from it. */
export interface Provenance {
  readonly software: "Downhill";
  readonly plot: string;
  readonly run: string;
  readonly date: string;
  readonly step: number;
  readonly device: string | null;
  readonly seeds: { readonly data: number; readonly model: number; readonly order: number };
  readonly config: RunConfig;
}

export const provenanceOf = ({ plot, source, config, device, runName, date }: PlotFile): Provenance => ({
  software: "Downhill",
  plot: plot.label,
  run: runName,
  date: date.toISOString(),
  step: source.history.step.at(-1) ?? 0,
  device: device ?? null,
  seeds: { data: config.data.seed, model: config.model.seed, order: config.compute.seed },
  config,
});

/** Letters, digits and single hyphens, as every file system takes them. */
const plain = (text: string): string =>
  text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");

/** `downhill-long-scree-loss-2026-11-22.png` */
export const fileName = ({ plot, runName, date }: PlotFile, extension: string): string =>
  `${["downhill", plain(runName), plain(plot.label), date.toISOString().slice(0, 10)].filter(Boolean).join("-")}.${extension}`;
