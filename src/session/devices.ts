import { type Device, DeviceError } from "../devices/device.ts";
import type { DeviceChoice } from "./config.ts";
import { openDevice } from "./openDevice.ts";

/** A device for a run, and why. `problem` says that another one was asked for and is not there. */
export interface Opened {
  readonly device: Device;
  readonly reason: string;
  readonly problem?: string;
}

/** The devices of a session: each is opened once and used by run after run. */
export interface Devices {
  open(choice: DeviceChoice): Promise<Opened>;
  /** After a loss: a new GPU where the browser gives one, else the CPU. */
  reopen(choice: DeviceChoice): Promise<Opened>;
  readonly liveBytes: number;
}

/** A second loss this soon after the first: the GPU is not to be trusted with this program. */
const REPEATED_LOSS_MS = 120_000;

export function createDevices(gpu: GPU | undefined): Devices {
  const opened = new Map<DeviceChoice, Promise<Opened>>();
  const devices = new Set<Device>();
  let lostAt = Number.NEGATIVE_INFINITY;

  const watch = (result: Opened): Opened => {
    const { device } = result;
    devices.add(device);
    device.lost.then(() => {
      devices.delete(device);
      for (const [choice, promise] of opened) {
        promise.then((known) => known.device === device && opened.delete(choice));
      }
    });
    return result;
  };
  const openOrFall = async (choice: DeviceChoice): Promise<Opened> => {
    try {
      return watch(await openDevice(choice, gpu));
    } catch (error) {
      if (!(error instanceof DeviceError)) throw error;
      const cpu = await open("cpu");
      return { device: cpu.device, reason: "the GPU that was chosen is not there", problem: error.message };
    }
  };
  const open = (choice: DeviceChoice): Promise<Opened> => {
    const known = opened.get(choice) ?? openOrFall(choice);
    opened.set(choice, known);
    return known;
  };

  return {
    open,
    async reopen(choice) {
      const isRepeated = performance.now() - lostAt < REPEATED_LOSS_MS;
      lostAt = performance.now();
      if (isRepeated) return { ...(await open("cpu")), reason: "the GPU was lost twice in two minutes" };
      opened.delete(choice);
      const { device, reason, problem } = await open(choice);
      return { device, reason: problem === undefined ? reason : "the browser gives no GPU for now" };
    },
    get liveBytes() {
      return [...devices].reduce((sum, { liveBytes }) => sum + liveBytes, 0);
    },
  };
}

/** A read-back can fail a moment before the device says that it is lost. */
const LOSS_GRACE_MS = 500;

/** Why a device was lost, or `undefined` where it was not. */
export function lossOf(device: Device): Promise<string | undefined> {
  const grace = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), LOSS_GRACE_MS));
  return Promise.race([device.lost, grace]);
}
