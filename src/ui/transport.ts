import { type Accessor, batch, createSignal } from "solid-js";
import type { RunConfig } from "../session/config.ts";
import type { ConfigStore } from "./configStore.ts";
import type { Trainer } from "./createTrainer.ts";
import type { BranchOffer, Runner } from "./runner.ts";
import { drawSeed } from "./seed.ts";

/** What drives the run: buttons and keys call these. */
export interface Transport {
  /** Plays, or pauses what is playing. */
  readonly play: () => void;
  readonly singleStep: () => void;
  /** The next of the four moves of a step. */
  readonly stepMove: () => void;
  /** To the end of the epoch. */
  readonly stepEpoch: () => void;
  /** Back to step 0 with the same weights. */
  readonly reset: () => void;
  /** Another start: other weights and another order of batches. */
  readonly newSeed: () => void;
  readonly newWeights: () => void;
  readonly newData: () => void;
  /** Steps per second; infinity is as fast as the device can. */
  readonly speed: Accessor<number>;
  readonly setSpeed: (stepsPerSecond: number) => void;
  /** The next lower and the next higher of some usual speeds. */
  readonly slower: () => void;
  readonly faster: () => void;
  /** Back to an earlier step, from which the run goes on with changed settings. */
  readonly rewind: (step: number, changed?: RunConfig, play?: boolean) => void;
  /** Weights of the run before that the present one could go on from. */
  readonly branchOffer: Accessor<BranchOffer | undefined>;
  readonly branch: () => void;
  readonly dropBranch: () => void;
}

/** Steps per second. */
const speeds = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, Number.POSITIVE_INFINITY];

export interface TransportOptions {
  readonly store: ConfigStore;
  readonly trainer: Trainer;
  readonly runner: Runner;
}

/** @returns besides the transport, `follow`: what a changed configuration does to the run. */
export function createTransport({ store, trainer, runner }: TransportOptions) {
  const [speed, setSpeed] = createSignal(Number.POSITIVE_INFINITY);
  let baseline: RunConfig | undefined;
  /** What a change of the settings does instead of what it usually does. */
  let doing: ((config: RunConfig) => void) | undefined;

  const follow = (config: RunConfig) => {
    // A preset or a link is a run from its beginning, however little it differs
    const isLoaded = baseline !== undefined && baseline !== store.baseline();
    baseline = store.baseline();
    if (doing !== undefined) doing(config);
    else if (isLoaded) runner.start(runner.willPlay());
    else runner.follow(config);
  };
  baseline = store.baseline();
  trainer.onEnd(store.clearMarkers);

  const halted = (act: () => void) => () => {
    runner.wish(false);
    runner.flush();
    act();
  };
  const changeSpeed = (stepsPerSecond: number) => {
    setSpeed(stepsPerSecond);
    trainer.setSpeed(stepsPerSecond);
  };
  const transport: Transport = {
    play: () => {
      const play = !runner.willPlay();
      runner.wish(play);
      runner.flush();
      if (play) trainer.play();
      else trainer.pause();
    },
    singleStep: halted(trainer.singleStep),
    stepMove: halted(trainer.singleMove),
    stepEpoch: halted(trainer.trainEpoch),
    reset: halted(trainer.reset),
    newSeed: () => {
      const config = store.config();
      const seed = drawSeed();
      store.change({ ...config, model: { ...config.model, seed }, compute: { ...config.compute, seed } });
    },
    newWeights: () => store.change({ ...store.config(), model: { ...store.config().model, seed: drawSeed() } }),
    newData: () => store.change({ ...store.config(), data: { ...store.config().data, seed: drawSeed() } }),
    speed,
    setSpeed: changeSpeed,
    slower: () => changeSpeed(speeds.findLast((each) => each < speed()) ?? speed()),
    faster: () => changeSpeed(speeds.find((each) => each > speed()) ?? speed()),
    rewind: (step, changed = store.config(), play = false) => {
      let isDone = false;
      doing = (config) => {
        isDone = true;
        runner.rewind(step, config, play);
      };
      batch(() => {
        store.rewind(step);
        store.change(changed, step);
      });
      doing = undefined;
      if (!isDone) runner.rewind(step, store.config(), play);
    },
    branchOffer: runner.offer,
    branch: runner.branch,
    dropBranch: runner.dropOffer,
  };
  return { ...transport, follow };
}
