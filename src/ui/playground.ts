import {
  type Accessor,
  createContext,
  createEffect,
  createMemo,
  createSignal,
  on,
  onCleanup,
  untrack,
  useContext,
} from "solid-js";
import type { Task } from "../data/dataset.ts";
import type { TablePreview } from "../data/table.ts";
import { decodeConfig } from "../session/url.ts";
import {
  askedOf,
  type ConfigStore,
  createConfigStore,
  type DataChoice,
  sameData,
  taskOf,
  withFittingLoss,
} from "./configStore.ts";
import { createTrainer, type Trainer } from "./createTrainer.ts";
import { withImageStart } from "./imageStart.ts";
import type { Overlay } from "./plots/source.ts";
import { createRunner } from "./runner.ts";
import type { Runs, RunsOptions } from "./runs/createRuns.ts";
import { lazyRuns } from "./runs/lazyRuns.ts";
import { bindAddress } from "./share/bindAddress.ts";
import { createLessons, type Lessons } from "./share/createLessons.ts";
import { isEmbedded } from "./share/embedded.ts";
import { askedByTable, fileDataOf, isFileData, tableOf, taskOfTable } from "./table.ts";
import { reducedMotion } from "./theme.ts";
import { createTransport, type Transport } from "./transport.ts";

export interface Playground extends Transport {
  readonly store: ConfigStore;
  readonly trainer: Trainer;
  /** What the data asks of the model, as far as it is known. */
  readonly task: Accessor<Task | undefined>;
  /** The opened file that the configuration names. */
  readonly table: Accessor<TablePreview | undefined>;
  /** The file that the configuration names, where it is not open. */
  readonly missingFile: Accessor<string | undefined>;
  readonly testsUsed: Accessor<number>;
  /** The test split was asked for again, and the user has not said yet whether that is meant. */
  readonly asksTestAgain: Accessor<boolean>;
  /** Evaluates the test split; after its first use it asks before it does. */
  readonly askTest: () => void;
  readonly confirmTest: () => void;
  readonly dropTest: () => void;
  /** Other data; the loss follows where it no longer fits. */
  readonly chooseData: <D extends DataChoice>(data: D) => void;
  /** All runs of this browser; none before their code has come. */
  readonly runs: Accessor<Runs | undefined>;
  /** What the link says besides a configuration. */
  readonly lessons: Lessons;
  /** Curves for the loss plot besides those of the run on screen. */
  readonly overlays: Accessor<readonly Overlay[]>;
}

const PlaygroundContext = createContext<Playground>();
export const PlaygroundProvider = PlaygroundContext.Provider;

/** @throws Error outside a `PlaygroundProvider`. */
export function usePlayground(): Playground {
  const playground = useContext(PlaygroundContext);
  if (playground === undefined)
    throw new Error("usePlayground: got no provider, expected one above. Wrap the page in it.");
  return playground;
}

/** Counts uses of the test split, which belong to the data: other data has a fresh one. */
function countTests(store: ConfigStore, trainer: Trainer): Accessor<number> {
  const [used, setUsed] = createSignal(0);
  const data = createMemo(() => store.config().data, undefined, { equals: sameData });
  createEffect(on(data, () => setUsed(0), { defer: true }));
  createEffect(
    on(trainer.test, (result) => {
      if (result !== undefined) setUsed((count) => Math.max(count + 1, result.times));
    }),
  );
  return used;
}

/** Inside of another page nobody asked for runs to be kept, or to see those of elsewhere. */
const keepRuns = (options: RunsOptions): Accessor<Runs | undefined> =>
  isEmbedded() ? () => undefined : lazyRuns(options);

/** Everything that the page works with: the configuration, the trainer, and what ties them together. */
export function createPlayground(worker: Worker): Playground {
  const trainer = createTrainer(worker);
  const reportLink = (problem: string) => trainer.report("link", problem);
  const linked = decodeConfig(location.hash.slice(1));
  linked.problems.forEach(reportLink);
  const lessons = createLessons(reportLink);
  lessons.read(location.hash.slice(1), linked.config);

  const store: ConfigStore = createConfigStore({
    initial: linked.config,
    onChange: (config) => follow(config),
    goesOn: (config) => runner.goesOn(config),
    step: trainer.step,
    refusal: (before, after) => lessons.lesson()?.refusal(before, after),
    onProblems: (problems) => {
      for (const problem of problems) trainer.report("configuration", problem);
    },
  });
  const table = createMemo(() => tableOf(trainer.tables(), store.config().data));
  const missingFile = createMemo(() => {
    const { data } = store.config();
    return isFileData(data) && table() === undefined ? data.path : undefined;
  });
  const runs = keepRuns({
    run: {
      ...{ history: trainer.history, runConfig: trainer.runConfig, markers: store.markers },
      device: () => trainer.summary()?.device.label ?? "",
      playing: trainer.playing,
    },
    store,
    report: (problem) => trainer.report("page", problem),
  });
  // Before the markers go: they belong to the run that is kept.
  trainer.onEnd(() => runs()?.end());
  const runner = createRunner({ trainer, config: store.config, canRun: () => missingFile() === undefined });
  const { follow, ...transport } = createTransport({ store, trainer, runner });
  const task = createMemo(() => taskOf(store.config(), taskOfTable(table(), store.config().data)));

  const chooseData = (data: DataChoice) => {
    const draft = { ...untrack(store.config), data };
    store.change(withFittingLoss(draft, askedOf(draft, askedByTable(tableOf(trainer.tables(), data), data))));
  };
  trainer.onOpened((opened) => {
    const { data } = store.config();
    const isLinked = tableOf([opened], data) !== undefined;
    chooseData(fileDataOf(opened, data));
    // A link can lock the data
    if (tableOf([opened], store.config().data) === undefined) return;
    if (opened.image !== undefined && !isLinked) store.change(withImageStart(store.config()));
    runner.start(!reducedMotion());
  });
  bindAddress({ store, lessons, report: reportLink });
  const testsUsed = countTests(store, trainer);
  const [asksTestAgain, setAsksTestAgain] = createSignal(false);

  createEffect(
    on(missingFile, (name) => {
      if (name === undefined) return;
      const message = trainer.report(
        "file",
        `Data file: got none, expected ${name}, which this run was made with: files stay on their owner's machine. Open it here.`,
      );
      onCleanup(() => trainer.dismiss(message));
    }),
  );
  runner.start(!reducedMotion());
  runner.flush();

  return {
    store,
    trainer,
    task,
    ...{ table, missingFile },
    testsUsed,
    asksTestAgain,
    askTest: () => {
      if (testsUsed() > 0) setAsksTestAgain(true);
      else trainer.evaluateTest();
    },
    confirmTest: () => {
      setAsksTestAgain(false);
      trainer.evaluateTest();
    },
    dropTest: () => setAsksTestAgain(false),
    chooseData,
    ...{ runs, lessons },
    overlays: () => [...(runs()?.overlays() ?? []), ...(lessons.lesson()?.overlays ?? [])],
    ...transport,
  };
}
