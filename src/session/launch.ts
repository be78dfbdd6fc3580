import type { PreparedData } from "../data/prepare.ts";
import { type Device, DeviceError } from "../devices/device.ts";
import { formatCount } from "../lib/format.ts";
import type { RunConfig } from "./config.ts";
import type { Context, LeftRun } from "./context.ts";
import { lossOf, type Opened } from "./devices.ts";
import type { TrainerEvent } from "./observer.ts";
import { fileOf } from "./openedFiles.ts";
import type { DeviceStatus, Event, RunSummary } from "./protocol.ts";
import { statusOf, summarize } from "./summary.ts";
import { type Recovery, Trainer } from "./trainer.ts";

interface Start {
  readonly generation: number;
  readonly config: RunConfig;
  readonly data: PreparedData;
  readonly weights?: LeftRun["weights"] | undefined;
}

interface Launch extends Start {
  readonly play: boolean;
  /** `performance.now()` at the command. */
  readonly started: number;
}

/** Opens the device and starts a trainer; where the chosen GPU is not there, says so and takes the CPU. */
export async function launch(context: Context, { play, started, ...start }: Launch): Promise<void> {
  const { state, devices, emit } = context;
  const { generation, config, data, weights } = start;
  const first = await devices.open({ config, data });
  if (first.problem !== undefined) emit({ type: "failure", subject: "device", message: first.problem });
  const { trainer, device, reason } = await startOn(first, context, start);
  if (generation !== state.generation) return trainer.close();
  state.trainer = trainer;
  state.status = statusOf(device, reason);
  emit({ type: "ready", generation, summary: summaryOf(trainer, state.status, performance.now() - started) });
  if (weights !== undefined) emit({ type: "notice", message: branchNotice(trainer, state.left?.step ?? 0) });
  await trainer.look().catch(async (error: unknown) => {
    // Of a loss the trainer has heard, and goes on elsewhere after this
    if ((await lossOf(device)) === undefined) throw error;
  });
  if (generation !== state.generation) return;
  if (play) trainer.play();
  else emit({ type: "state", generation, playing: false, step: 0, liveBytes: devices.liveBytes });
}

const branchNotice = ({ taken, run }: Trainer, step: number): string =>
  `This run starts from the weights of step ${formatCount(step)}, of which ${taken} of ${run.plan.specs.length} tensors fit.`;

export const summaryOf = ({ live, run }: Trainer, status: DeviceStatus, milliseconds: number): RunSummary =>
  summarize(run, { data: live.data, status, milliseconds });

/** Starts a trainer on a device; where that is lost meanwhile, on the one that comes after it. */
async function startOn(first: Opened, context: Context, start: Start, recovery?: Recovery) {
  const { generation, config } = start;
  for (let opened = first; ; opened = await context.devices.reopen(config.compute)) {
    const { device, reason } = opened;
    const onStopped = (error: unknown) => context.enqueue(() => recover(context, { generation, device, error }));
    try {
      const options = { ...start, device, ...trainerLinks(context, generation), onStopped };
      return { trainer: await Trainer.start(options, recovery), device, reason };
    } catch (error) {
      if (!(error instanceof DeviceError) || (await lossOf(device)) === undefined) throw error;
    }
  }
}

/** How a trainer speaks to the page, and hears what it shows. */
const trainerLinks = ({ state, emit }: Context, generation: number) => ({
  emit: (event: TrainerEvent) => {
    if (generation === state.generation) emit({ ...event, generation } as Event);
  },
  wishes: () => state.wishes,
  prepare: ({ data }: RunConfig) => state.prepare(data, fileOf(state.opened, data)),
});

interface Stop {
  readonly generation: number;
  readonly device: Device;
  readonly error: unknown;
}

/** After a lost device: goes on from the last snapshot, on a new GPU or on the CPU. Any other error ends the run. */
async function recover(context: Context, { generation, device, error }: Stop): Promise<void> {
  const { state, devices, emit } = context;
  const { trainer } = state;
  // A run that has another device by now has recovered
  if (generation !== state.generation || trainer?.device !== device) return;
  const lost = await lossOf(device);
  if (lost === undefined) {
    emit({ type: "failure", generation, subject: "training", message: messageOf(error) });
    return;
  }
  state.trainer = undefined;
  const { recovery, wasPlaying } = trainer;
  await trainer.close();
  const { config } = recovery;
  try {
    const data = state.prepare(config.data, fileOf(state.opened, config.data));
    const next = await startOn(await devices.reopen(config.compute), context, { generation, config, data }, recovery);
    state.trainer = next.trainer;
    state.status = statusOf(next.device, next.reason);
    const from = next.trainer.run.step;
    emit({
      type: "notice",
      message: `The GPU was lost (${lost}). Training goes on at step ${from} on ${next.device.label}: ${next.reason}.`,
    });
    emit({ type: "device", generation, status: state.status });
    if (wasPlaying) next.trainer.play();
  } catch (failure) {
    emit({ type: "failure", generation, subject: "device", message: messageOf(failure) });
  }
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
