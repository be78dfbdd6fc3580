import { afterAll, beforeAll, expect, it } from "vitest";
import type { Device } from "../../src/devices/device.ts";
import { createWebGpuDevice } from "../../src/devices/webgpu/device.ts";
import { planMemory } from "../../src/engine/graph/memory.ts";
import { createTensor } from "../../src/engine/graph/tensor.ts";
import { expectNoError, requestTestAdapter } from "./devices.ts";

let device: Device;

beforeAll(async () => {
  device = await createWebGpuDevice(await requestTestAdapter());
});

afterAll(async () => {
  await expectNoError(device);
  device.destroy();
});

it("values of more than one staging buffer come back whole, as they were when they were asked for", async () => {
  // Two buffers of 2^24 numbers, the second one nearly empty
  const count = 2 ** 24 + 3;
  const tensor = createTensor({ name: "large", shape: [count], type: "f32", role: "data", perReplica: false });
  const program = { name: "nothing", calls: [] };
  const memory = planMemory([program], 1, new Set([tensor]));
  const machine = await device.load({ replicas: 1, memory, programs: { nothing: program }, tables: [] });
  const values = Float32Array.from({ length: count }, (_, index) => index % 16_777_213);
  machine.write(tensor, values);
  const before = machine.read(tensor);
  machine.write(tensor, new Float32Array(count));
  expect(Buffer.from((await before).buffer).equals(Buffer.from(values.buffer))).toBe(true);
  expect((await machine.read(tensor)).some((value) => value !== 0)).toBe(false);
  machine.dispose();
});
