import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { create, globals } from "webgpu";
import permutationSource from "#shaders/common/permutation.wgsl?raw";
import philoxSource from "#shaders/common/philox.wgsl?raw";
import { createPermutation } from "../../src/lib/permutation.ts";
import { keyOf, philox } from "../../src/lib/philox.ts";
import { createRandom } from "../../src/lib/random.ts";
import { philoxAnswers } from "../fixtures/philox.ts";

// Dawn ends as soon as the object that create() returned is collected.
const gpu = create([]);
const { GPUBufferUsage, GPUMapMode } = globals as unknown as {
  GPUBufferUsage: typeof globalThis.GPUBufferUsage;
  GPUMapMode: typeof globalThis.GPUMapMode;
};

const blocksSource = /* wgsl */ `
@group(0) @binding(0) var<storage, read> given: array<vec4u>;  // (2 N): counter, then key
@group(0) @binding(1) var<storage, read_write> blocks: array<vec4u>;  // (N)
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < arrayLength(&blocks)) { blocks[id.x] = philox(given[2 * id.x], given[2 * id.x + 1].xy); }
}`;

const orderSource = /* wgsl */ `
@group(0) @binding(0) var<storage, read> given: array<vec4u>;  // n, epoch, seed low, seed high
@group(0) @binding(1) var<storage, read_write> order: array<u32>;  // the last positions of the epoch, backwards
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  let n = given[0].x;
  let keys = permutationKeys(given[0].y, given[0].zw);
  if (id.x < arrayLength(&order)) { order[id.x] = permute(n - 1 - id.x, n, keys); }
}`;

let device: GPUDevice;

/** Runs one shader of the above over `given` and returns `length` words of its output. */
async function compute(code: string, given: Uint32Array<ArrayBuffer>, length: number): Promise<Uint32Array> {
  device.pushErrorScope("validation");
  const module = device.createShaderModule({ code });
  const pipeline = await device.createComputePipelineAsync({ layout: "auto", compute: { module, entryPoint: "main" } });
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const input = device.createBuffer({ size: given.byteLength, usage });
  const output = device.createBuffer({ size: 4 * length, usage });
  const staging = device.createBuffer({ size: 4 * length, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  device.queue.writeBuffer(input, 0, given);
  const entries = [input, output].map((buffer, binding) => ({ binding, resource: { buffer } }));
  const bindGroup = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, bindGroup);
  pass.dispatchWorkgroups(Math.ceil(length / 64));
  pass.end();
  encoder.copyBufferToBuffer(output, 0, staging, 0, 4 * length);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const result = new Uint32Array(staging.getMappedRange().slice(0));
  for (const buffer of [input, output, staging]) buffer.destroy();
  expect(await device.popErrorScope()).toBeNull();
  return result;
}

beforeAll(async () => {
  const adapter = await gpu.requestAdapter();
  if (adapter === null)
    throw new Error("WebGPU: got no adapter, expected one. Install a Vulkan driver such as Mesa's lavapipe.");
  device = await adapter.requestDevice();
});
afterAll(() => device.destroy());

describe("random numbers in WGSL", () => {
  it("give Random123's known answers and equal TypeScript's Philox to the bit", async () => {
    const random = createRandom(1, "data");
    const cases = Array.from({ length: 2000 }, () => Array.from({ length: 6 }, () => random.uint32()));
    for (const { counter, key } of philoxAnswers) cases.push([...counter, ...key]);
    const blocks = await compute(
      philoxSource + blocksSource,
      Uint32Array.from(cases.flatMap((words) => [...words, 0, 0])),
      4 * cases.length,
    );
    const expected = cases.flatMap((words) => {
      const out = new Uint32Array(4);
      philox(Uint32Array.from(words.slice(0, 4)), Uint32Array.from(words.slice(4)), out);
      return [...out];
    });
    expect([...blocks]).toEqual(expected);
    expect([...blocks.slice(-12)]).toEqual(philoxAnswers.flatMap(({ block }) => block));
  });

  it.each([1, 2, 3, 5, 16, 17, 150, 1025, 65_537, 2 ** 31 + 1, 2 ** 32 - 1])(
    "equal TypeScript's order of %i examples to the bit",
    async (n) => {
      for (const [epoch, seed] of [
        [0, 0],
        [1, -7],
        [4_000_000_000, 2 ** 40 + 5],
      ] as const) {
        const length = Math.min(n, 500);
        const given = Uint32Array.of(n, epoch, ...keyOf(seed));
        const order = await compute(philoxSource + permutationSource + orderSource, given, length);
        const permute = createPermutation(n, epoch, seed);
        expect([...order]).toEqual(Array.from({ length }, (_, i) => permute(n - 1 - i)));
      }
    },
  );
});
