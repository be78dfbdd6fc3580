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
import type { RunConfig } from "../session/config.ts";
import { decodeConfig, encodeConfig } from "../session/url.ts";
import {
  type ConfigStore,
  createConfigStore,
  type DataChoice,
  isAdjustment,
  sameData,
  taskOf,
  withFittingLoss,
} from "./configStore.ts";
import { createTrainer, type Trainer } from "./createTrainer.ts";
import { fileDataOf, taskOfTable } from "./table.ts";
import { reducedMotion } from "./theme.ts";

/** Milliseconds in which changes of a dragged slider become one fresh run. */
const settleTime = 60;

export interface Playground {
  readonly store: ConfigStore;
  readonly trainer: Trainer;
  /** What the data asks of the model, as far as it is known. */
  readonly task: Accessor<Task | undefined>;
  /** The file that the configuration names and nobody has opened yet. */
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
  readonly play: () => void;
  readonly singleStep: () => void;
  readonly newSeed: () => void;
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

/** A seed that is short enough to read out and type. */
export const drawSeed = (): number => 1 + ((crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % 9999);

/** Turns changes of the configuration into commands, at most one fresh run per `settleTime`. */
function createRunner(trainer: Trainer, config: () => RunConfig, canRun: () => boolean) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let playNext = false;

  const flush = () => {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    if (canRun()) trainer.configure(config(), playNext);
    else trainer.pause();
  };
  const start = (play: boolean) => {
    playNext = play;
    clearTimeout(timer);
    timer = setTimeout(flush, settleTime);
  };
  onCleanup(() => clearTimeout(timer));
  return {
    start,
    flush,
    /** Whether a run that replaces the present one would be playing. */
    willPlay: () => (timer !== undefined || trainer.preparing() ? playNext : trainer.playing()),
    wish: (play: boolean) => {
      playNext = play;
    },
  };
}

/** Keeps the address in step with the configuration, and follows an address that the user edits. */
function bindAddress(store: ConfigStore, trainer: Trainer): void {
  const hash = () => `#${encodeConfig(store.config())}`;
  createEffect(
    on(
      store.config,
      () => {
        if (location.hash !== hash()) history.replaceState(null, "", hash());
      },
      { defer: true },
    ),
  );
  const follow = () => {
    if (location.hash === hash()) return;
    const { config, problems } = decodeConfig(location.hash.slice(1));
    for (const problem of problems) trainer.report("link", problem);
    store.load(config);
  };
  addEventListener("hashchange", follow);
  onCleanup(() => removeEventListener("hashchange", follow));
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

/** Everything that the page works with: the configuration, the trainer, and what ties them together. */
export function createPlayground(worker: Worker): Playground {
  const trainer = createTrainer(worker);
  const linked = decodeConfig(location.hash.slice(1));
  for (const problem of linked.problems) trainer.report("link", problem);

  const missingFile = () => {
    const { data } = store.config();
    return data.kind === "file" && trainer.table()?.name !== data.path ? data.path : undefined;
  };
  const store: ConfigStore = createConfigStore({
    initial: linked.config,
    onChange: (before, after) => {
      const { kind: _, ...values } = after.optimizer;
      if (isAdjustment(before, after) && !trainer.preparing()) trainer.adjust(values);
      else runner.start(runner.willPlay());
    },
    onProblems: (problems) => {
      for (const problem of problems) trainer.report("configuration", problem);
    },
  });
  const runner = createRunner(trainer, store.config, () => missingFile() === undefined);
  const task = createMemo(() => taskOf(store.config(), taskOfTable(trainer.table(), store.config().data)));

  const chooseData = (data: DataChoice) => {
    const draft = { ...untrack(store.config), data };
    store.change(withFittingLoss(draft, taskOf(draft, taskOfTable(trainer.table(), draft.data))));
  };
  createEffect(
    on(trainer.table, (table) => {
      if (table === undefined) return;
      chooseData(fileDataOf(table, untrack(store.config).data));
      runner.start(!reducedMotion());
    }),
  );
  bindAddress(store, trainer);
  const testsUsed = countTests(store, trainer);
  const [asksTestAgain, setAsksTestAgain] = createSignal(false);

  createEffect(
    on(missingFile, (name) => {
      if (name === undefined) return;
      trainer.report(
        "file",
        `Data file: the link asks for ${name}, which stays on its owner's machine. Open that file here.`,
      );
    }),
  );
  runner.start(!reducedMotion());
  runner.flush();

  return {
    store,
    trainer,
    task,
    missingFile,
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
    play: () => {
      const play = !runner.willPlay();
      runner.wish(play);
      runner.flush();
      if (play) trainer.play();
      else trainer.pause();
    },
    singleStep: () => {
      runner.wish(false);
      runner.flush();
      trainer.singleStep();
    },
    newSeed: () => {
      const config = store.config();
      const seed = drawSeed();
      store.change({ ...config, model: { ...config.model, seed }, compute: { ...config.compute, seed } });
    },
  };
}
