import type { IdxFile } from "../data/imageFiles.ts";
import type { RunConfig } from "./config.ts";
import type { Devices } from "./devices.ts";
import type { Wishes } from "./observer.ts";
import type { FileAtHand } from "./openedFiles.ts";
import type { prepareData } from "./prepareData.ts";
import type { Command, DeviceStatus, Event } from "./protocol.ts";
import type { Trainer } from "./trainer.ts";
import type { NamedTensor } from "./weights.ts";

/** What a session knows between two commands. */
export interface State {
  /** Of the newest `configure` that arrived. */
  generation: number;
  /** What `data.kind: "file"` can mean, newest last. */
  opened: readonly FileAtHand[];
  /** IDX files opened so far. */
  parts: readonly IdxFile[];
  readonly prepare: typeof prepareData;
  trainer: Trainer | undefined;
  config: RunConfig | undefined;
  /** The last run that another one took the place of. */
  left: LeftRun | undefined;
  /** The newest command that changes the run at hand: older ones are not worth carrying out. */
  newest: Command | undefined;
  /** How often the test split of a data configuration was used. */
  readonly tests: Map<string, number>;
  wishes: Wishes;
  /** Of the device in use. */
  status: DeviceStatus | undefined;
}

/** What a run leaves to a branch. */
export interface LeftRun {
  readonly step: number;
  readonly weights: ReadonlyMap<string, NamedTensor>;
}

/** What carries out commands gets. */
export interface Context {
  readonly state: State;
  readonly devices: Devices;
  readonly emit: (event: Event) => void;
  /** Runs something after all commands so far. */
  readonly enqueue: (work: () => Promise<void>) => void;
}
