import { type Device, DeviceError } from "../devices/device.ts";
import type { ComputeConfig } from "./config.ts";
import { takeFaster, type Work } from "./faster.ts";
import { openDevice } from "./openDevice.ts";

/** What a configuration says of its device. */
type Wanted = Pick<ComputeConfig, "device" | "deterministic">;

/** A device for a run, and why. `problem` says that another one was asked for and is not there. */
export interface Opened {
  readonly device: Device;
  readonly reason: string;
  readonly problem?: string;
}

/** The devices of a session: each is opened once and used by run after run. */
export interface Devices {
  /** The device for a run; `auto` measures the run itself where there is more than one. */
  open(work: Work): Promise<Opened>;
  /** After a loss: a new GPU where the browser gives one, else the CPU. */
  reopen(wanted: Wanted): Promise<Opened>;
  readonly liveBytes: number;
}

/** A second loss this soon after the first: the GPU is not to be trusted with this program. */
const REPEATED_LOSS_MS = 120_000;

/** `openOne` opens a device as `openDevice` does. */
export function createDevices(gpu: GPU | undefined, openOne: typeof openDevice = openDevice): Devices {
  const opened = new Map<string, Promise<Opened>>();
  const devices = new Set<Device>();
  let lostAt = Number.NEGATIVE_INFINITY;

  const watch = (result: Opened): Opened => {
    const { device } = result;
    devices.add(device);
    device.lost.then(() => {
      devices.delete(device);
      for (const [key, promise] of opened) {
        promise.then((known) => known.device === device && opened.delete(key));
      }
    });
    return result;
  };
  const cpuFor = async ({ deterministic }: Wanted) => (await known({ device: "cpu", deterministic })).device;
  const openOrFall = async (wanted: Wanted): Promise<Opened> => {
    const { device: choice, deterministic } = wanted;
    const options = choice === "cpu" ? { deterministic } : { deterministic, openCpu: () => cpuFor(wanted) };
    try {
      return watch(await openOne(choice, gpu, options));
    } catch (error) {
      // Nothing is left to fall back to where the CPU fails
      if (!(error instanceof DeviceError) || choice === "cpu") throw error;
      const reason = "the GPU that was chosen is not there";
      return { device: await cpuFor(wanted), reason, problem: error.message };
    }
  };
  const known = (wanted: Wanted): Promise<Opened> => {
    const key = keyOf(wanted);
    const before = opened.get(key);
    if (before !== undefined) return before;
    const promise = openOrFall(wanted);
    opened.set(key, promise);
    const forget = () => void opened.delete(key);
    // A GPU that is not there now may be there for the next run, and so may what failed to load
    promise.then(({ device }) => device.kind === "cpu" && wanted.device !== "cpu" && forget(), forget);
    return promise;
  };

  return {
    async open(work) {
      const wanted = work.config.compute;
      if (wanted.device === "auto" && wanted.deterministic) {
        return { device: await cpuFor(wanted), reason: "deterministic, and measuring would let the clock decide" };
      }
      const result = await known(wanted);
      if (wanted.device !== "auto" || result.device.kind === "cpu") return result;
      return takeFaster(result.device, await cpuFor(wanted), work);
    },
    async reopen(wanted) {
      const isRepeated = performance.now() - lostAt < REPEATED_LOSS_MS;
      lostAt = performance.now();
      if (isRepeated) return { device: await cpuFor(wanted), reason: "the GPU was lost twice in two minutes" };
      opened.delete(keyOf(wanted));
      const { device, reason, problem } = await known(wanted);
      return { device, reason: problem === undefined ? reason : "the browser gives no GPU for now" };
    },
    get liveBytes() {
      return [...devices].reduce((sum, { liveBytes }) => sum + liveBytes, 0);
    },
  };
}

const keyOf = ({ device, deterministic }: Wanted): string => `${device} ${deterministic}`;

/** A read-back can fail a moment before the device says that it is lost. */
const LOSS_GRACE_MS = 500;

/** Why a device was lost, or `undefined` where it was not. */
export function lossOf(device: Device): Promise<string | undefined> {
  const grace = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), LOSS_GRACE_MS));
  return Promise.race([device.lost, grace]);
}
