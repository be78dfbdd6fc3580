import { describe, expect, test } from "vitest";
import { type Device, DeviceError } from "../../src/devices/device.ts";
import { checkConfig } from "../../src/session/check.ts";
import { createDevices } from "../../src/session/devices.ts";
import type { openDevice } from "../../src/session/openDevice.ts";
import { prepareData } from "../../src/session/prepareData.ts";

/** A device that runs nothing, and can be lost. */
function standIn(kind: "cpu" | "webgpu") {
  let lose: (reason: string) => void = () => undefined;
  const lost = new Promise<string>((resolve) => {
    lose = resolve;
  });
  return { device: { kind, label: kind, lost, liveBytes: 0 } as unknown as Device, lose };
}

function workOn(device: string, deterministic = false) {
  const checked = checkConfig({ data: { kind: "moons", size: 20 }, compute: { device, deterministic } });
  if (!checked.ok) throw new Error(checked.problems.join(" "));
  return { config: checked.config, data: prepareData(checked.config.data, undefined) };
}

/** Devices whose opening follows a script: the first answer first, the last one for ever. */
function devicesThat(...answers: readonly (Device | Error)[]) {
  const asked: string[] = [];
  let next = 0;
  const open: typeof openDevice = async (choice, _gpu, options) => {
    asked.push(choice);
    const answer = answers[Math.min(next, answers.length - 1)];
    next += 1;
    if (answer instanceof Error) throw answer;
    if (answer === undefined) return { device: (await options?.openCpu?.()) as Device, reason: "no WebGPU here" };
    return { device: answer, reason: "as the script says" };
  };
  return { devices: createDevices(undefined, open), asked };
}

const noSimd = new DeviceError("cpu: got no SIMD");

describe("devices", () => {
  test.each(["cpu", "webgpu", "auto"])("where not even the CPU opens, %s fails with the reason", async (choice) => {
    const { devices } = devicesThat(noSimd);
    await expect(devices.open(workOn(choice))).rejects.toBe(noSimd);
  });

  test("a CPU that failed to open is tried anew for the next run", async () => {
    const { device } = standIn("cpu");
    const { devices } = devicesThat(noSimd, device);
    await expect(devices.open(workOn("cpu"))).rejects.toBe(noSimd);
    expect((await devices.open(workOn("cpu"))).device).toBe(device);
  });

  test("a GPU that was not there is asked for again by the next run, and one CPU serves in between", async () => {
    const [cpu, gpu] = [standIn("cpu").device, standIn("webgpu").device];
    const missing = new DeviceError("device: got no WebGPU adapter");
    const { devices, asked } = devicesThat(missing, cpu, missing, gpu);
    const first = await devices.open(workOn("webgpu"));
    expect(first).toMatchObject({ device: cpu, problem: missing.message });
    expect((await devices.open(workOn("webgpu"))).device).toBe(cpu);
    expect((await devices.open(workOn("webgpu"))).device).toBe(gpu);
    expect(asked).toEqual(["webgpu", "cpu", "webgpu", "webgpu"]);
  });

  test("a device that is there is opened once, until it is lost", async () => {
    const [first, second] = [standIn("webgpu"), standIn("webgpu")];
    const { devices, asked } = devicesThat(first.device, second.device);
    await devices.open(workOn("webgpu"));
    expect((await devices.open(workOn("webgpu"))).device).toBe(first.device);
    expect(asked).toHaveLength(1);
    first.lose("driver reset");
    await first.device.lost;
    await new Promise((wake) => setTimeout(wake));
    expect((await devices.open(workOn("webgpu"))).device).toBe(second.device);
  });

  test("auto takes the CPU for a deterministic run, whose bits must not depend on a measurement", async () => {
    const { device } = standIn("cpu");
    const { devices, asked } = devicesThat(device);
    const opened = await devices.open(workOn("auto", true));
    expect(opened.device).toBe(device);
    expect(opened.reason).toMatch(/^deterministic/);
    expect(asked).toEqual(["cpu"]);
  });
});
