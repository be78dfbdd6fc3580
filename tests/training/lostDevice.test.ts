import { expect, test } from "vitest";
import { createPage, gpu, spiralsOn } from "./page.ts";

interface Fragility {
  /** How often there is an adapter. */
  readonly adapters?: number;
  /** The devices, counted from 0, that are lost as soon as a kernel is compiled on them. */
  readonly doomed?: readonly number[];
}

/** A GPU whose devices can be lost on purpose, as a driver's reset loses them. */
function fragileGpu({ adapters = Number.POSITIVE_INFINITY, doomed = [] }: Fragility = {}) {
  const lose: (() => void)[] = [];
  let left = adapters;
  const fragile = {
    async requestAdapter() {
      if (left <= 0) return null;
      left -= 1;
      const adapter = await gpu.requestAdapter();
      if (adapter === null) throw new Error("no software Vulkan driver");
      const requestDevice = adapter.requestDevice.bind(adapter);
      adapter.requestDevice = async (descriptor) => {
        const device = await requestDevice(descriptor);
        const lost = new Promise<GPUDeviceLostInfo>((resolve) => {
          lose.push(() => {
            device.destroy();
            resolve({ reason: "unknown", message: "the driver was reset" } as GPUDeviceLostInfo);
          });
        });
        Object.defineProperty(device, "lost", { value: lost });
        const loseThis = lose.at(-1);
        if (doomed.includes(lose.length - 1)) {
          const compile = device.createComputePipelineAsync.bind(device);
          device.createComputePipelineAsync = (descriptor) => {
            loseThis?.();
            return compile(descriptor);
          };
        }
        return device;
      };
      return adapter;
    },
  };
  return { gpu: fragile as unknown as GPU, loseNow: () => lose.at(-1)?.() };
}

test("a run whose GPU is lost goes on on a new GPU, and repeats no step", async () => {
  const fragile = fragileGpu();
  const page = createPage({ gpu: fragile.gpu });
  await page.configure(spiralsOn("webgpu"), true);
  await page.until(() => page.lastStep() > 20);
  fragile.loseNow();
  await page.until(() => page.of("notice").length > 0);
  const lostAt = page.lastStep();
  await page.until(() => page.lastStep() > lostAt + 20);
  await page.send("pause");
  expect(page.of("failure")).toEqual([]);
  expect(page.of("notice")[0]?.message).toContain("the driver was reset");
  expect(page.of("device").map(({ status }) => status.kind)).toEqual(["webgpu"]);
  const steps = page.of("metrics").flatMap(({ metrics }) => [...metrics.step]);
  expect(steps).toEqual(steps.map((_, index) => index + 1));
});

test("a run whose GPU is lost and does not come back goes on on the CPU", async () => {
  const fragile = fragileGpu({ adapters: 1 });
  const page = createPage({ gpu: fragile.gpu });
  await page.configure(spiralsOn("webgpu"), true);
  await page.until(() => page.lastStep() > 5);
  fragile.loseNow();
  await page.until(() => page.of("device").length > 0);
  const lostAt = page.lastStep();
  await page.until(() => page.lastStep() > lostAt + 100);
  await page.send("pause");
  expect(page.of("device")[0]?.status.kind).toBe("cpu");
});

test("a second loss within two minutes moves the run to the CPU for good", async () => {
  const fragile = fragileGpu();
  const page = createPage({ gpu: fragile.gpu });
  await page.configure(spiralsOn("webgpu"), true);
  for (let loss = 1; loss <= 2; loss++) {
    const before = page.lastStep();
    await page.until(() => page.lastStep() > before + 5);
    fragile.loseNow();
    await page.until(() => page.of("device").length === loss);
  }
  await page.send("pause");
  expect(page.of("device").map(({ status }) => status.kind)).toEqual(["webgpu", "cpu"]);
});

test("a run whose GPU is lost while its kernels compile starts on a new one, and plays", async () => {
  const page = createPage({ gpu: fragileGpu({ doomed: [0] }).gpu });
  await page.configure(spiralsOn("webgpu"), true);
  await page.until(() => page.lastStep() > 5);
  await page.send("pause");
  expect(page.of("failure")).toEqual([]);
  expect(page.of("state").at(-1)?.step).toBeGreaterThan(5);
});

test("a run whose new GPU is lost at once goes on on the CPU from where it was", async () => {
  const fragile = fragileGpu({ doomed: [1] });
  const page = createPage({ gpu: fragile.gpu });
  await page.configure(spiralsOn("webgpu"), true);
  await page.until(() => page.lastStep() > 5);
  fragile.loseNow();
  await page.until(() => page.of("device").some(({ status }) => status.kind === "cpu"));
  const lostAt = page.lastStep();
  await page.until(() => page.lastStep() > lostAt + 100);
  await page.send("pause");
  expect(page.of("failure")).toEqual([]);
  const steps = page.of("metrics").flatMap(({ metrics }) => [...metrics.step]);
  expect(steps).toEqual(steps.map((_, index) => index + 1));
});
