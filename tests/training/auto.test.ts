import { expect, test } from "vitest";
import { createCpuDevice } from "../../src/devices/cpu/device.ts";
import type { Device } from "../../src/devices/device.ts";
import { timePerStep } from "../../src/session/faster.ts";
import { prepareData } from "../../src/session/prepareData.ts";
import { createPage, gpu, spiralsOn } from "./page.ts";

/** The software GPU under the name of a real one, so that `auto` takes it for one. */
const disguised = {
  async requestAdapter() {
    const adapter = await gpu.requestAdapter();
    if (adapter === null) throw new Error("no software Vulkan driver");
    const info = { vendor: "acme", architecture: "one", device: "", description: "Acme One", isFallbackAdapter: false };
    Object.defineProperty(adapter, "info", { value: info });
    return adapter;
  },
} as unknown as GPU;

test("auto measures the run on both devices, takes the faster, and says why in numbers", async () => {
  const page = createPage({ gpu: disguised });
  await page.configure(spiralsOn("auto"));
  const { device } = page.of("ready")[0]!.summary;
  // Simulated in software, the GPU takes some hundred times as long for a network this small.
  expect(device.kind).toBe("cpu");
  expect(device.reason).toMatch(/^measured: [\d.]+ ms a step, the GPU [\d.]+ ms a step$/);
});

/** A CPU that takes its time for each step, and says how many were asked for at once. */
async function slowCpu(milliseconds: number): Promise<{ device: Device; asked: number[] }> {
  const asked: number[] = [];
  const cpu = await createCpuDevice({ threads: 1 });
  const load: Device["load"] = async (plan) => {
    const machine = await cpu.load(plan);
    const run = machine.run.bind(machine);
    machine.run = (program, times = 1) => {
      asked.push(times);
      for (const start = performance.now(); performance.now() - start < times * milliseconds; );
      return run(program, times);
    };
    return machine;
  };
  return { device: { ...cpu, liveBytes: 0, load }, asked };
}

test("of a device that is clearly the slower one, a single step is measured", async () => {
  const { device, asked } = await slowCpu(450);
  const config = spiralsOn("auto");
  const work = { config, data: prepareData(config.data, undefined) };
  expect(await timePerStep(device, work, 50)).toBeGreaterThanOrEqual(450);
  expect(asked).toEqual([1]);
  expect(await timePerStep(device, work)).toBeGreaterThanOrEqual(450);
  expect(asked).toEqual([1, 1, 1]);
});

test("a deterministic run has the same losses, to the bit, each time", async () => {
  const config = spiralsOn("cpu");
  const losses = await Promise.all(
    [0, 1].map(async () => {
      const page = createPage({ gpu: undefined });
      await page.configure({ ...config, compute: { ...config.compute, deterministic: true } });
      for (let step = 0; step < 20; step++) await page.send("step");
      return page.losses();
    }),
  );
  expect(losses[0]?.length).toBe(20);
  expect(losses[0]).toEqual(losses[1]);
});
