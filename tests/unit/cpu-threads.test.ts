import { setFlagsFromString } from "node:v8";
import { describe, expect, it, onTestFinished } from "vitest";
import { createCpuDevice } from "../../src/devices/cpu/device.ts";
import { createCpuMachine } from "../../src/devices/cpu/machine.ts";
import { createKernelModule, type KernelModule, type KernelOptions } from "../../src/devices/cpu/module.ts";
import { type ScheduleOptions, scheduleOf } from "../../src/devices/cpu/schedule.ts";
import { DeviceError } from "../../src/devices/device.ts";
import { compileRun } from "../../src/engine/compile.ts";
import { initialControl, uncontrolled } from "../../src/engine/control.ts";
import { elements, type Tensor } from "../../src/engine/graph/tensor.ts";
import { crossEntropy } from "../../src/engine/losses/cross-entropy.ts";
import { adamw } from "../../src/engine/optimizers/adamw.ts";
import { metricsColumns } from "../../src/engine/probes.ts";
import { defaultsOf } from "../../src/lib/hyperparameters.ts";

// Node 20 has relaxed SIMD behind this flag; later ones have it always.
setFlagsFromString("--experimental-wasm-relaxed-simd");

const REPLICAS = 3;
const STEPS = 3;

const settings = Float32Array.from(crossEntropy.settings(defaultsOf(crossEntropy.hyperparameters), 3));
const control = initialControl({ ...uncontrolled, l1: 0.001, l2: 0.01, dropout: 0.2, inputNoise: 0.1 });

const shape = {
  model: {
    inputs: 5,
    layers: [
      { width: 67, activation: "gelu" },
      { width: 9, activation: "tanh" },
    ],
    outputs: 3,
  },
  ...{ loss: crossEntropy, optimizer: adamw, targetWidth: 1, batchSize: 33, settingCount: settings.length },
  ...{ counts: { train: 50, validation: 9, test: 8 }, replicas: REPLICAS, maxSteps: 8, probeCount: 130 },
} as const;
const run = compileRun({ ...shape, penalized: true, dropout: true, inputNoise: true });

/** The batches of three steps: a full one, a short one, and the next epoch in the order of the file. */
const batches = Uint32Array.of(0, 33, 0, 1, 1, 33, 17, 0, 1, 2, 0, 33, 1, 0, 3);

const replicas = Array.from({ length: REPLICAS }, (_, replica) => replica);

/** What the host writes before the steps: examples, weights and scalars made up. */
const contents: readonly { tensor: Tensor; values: Float32Array | Uint32Array; replica?: number }[] = [
  { tensor: run.data.train.inputs, values: Float32Array.from({ length: 250 }, (_, i) => Math.sin(i)) },
  { tensor: run.data.train.targets, values: Float32Array.from({ length: 50 }, (_, i) => i % 3) },
  { tensor: run.tables.batches, values: batches },
  { tensor: run.tables.scalars, values: new Float32Array(elements(run.tables.scalars.shape)).fill(0.25) },
  ...replicas.map((replica) => ({ tensor: run.tables.control, values: control, replica })),
  ...replicas.map((replica) => ({ tensor: run.tables.settings, values: settings, replica })),
  ...replicas.map((replica) => ({
    tensor: run.parameters.arena,
    values: Float32Array.from({ length: elements(run.parameters.arena.shape) }, (_, i) => 0.4 * Math.cos(i + replica)),
    replica,
  })),
];

interface Trained {
  readonly metrics: Float32Array;
  /** The bits of all that the steps leave behind. */
  readonly words: readonly Uint32Array[];
}

type Sharing = Pick<ScheduleOptions, "sharedFrom" | "secondRoundFrom">;

/** All calls are shared, in as many rounds as there may be. */
const inRounds: Sharing = { sharedFrom: 1, secondRoundFrom: 1 };
const inOneRound: Sharing = { sharedFrom: 1, secondRoundFrom: Number.POSITIVE_INFINITY };
const byReplica: Sharing = { sharedFrom: Number.POSITIVE_INFINITY };

/** What three steps leave, on threads that share calls of certain sizes. */
async function train(options: KernelOptions, sharing = inRounds): Promise<Trained> {
  const module = await createKernelModule(options);
  onTestFinished(() => module.close());
  expect(module.threads).toBe(options.threads);
  expect(module.isRelaxed).toBe(options.relaxed);
  const machine = createCpuMachine(run.plan, module, sharing);
  for (const { tensor, values, replica = 0 } of contents) machine.write(tensor, values, { replica });
  machine.run("step", STEPS);
  const lasting = [run.parameters.arena, ...run.state.map(({ tensor }) => tensor), run.tensorNorms];
  const words = lasting.flatMap((tensor) => replicas.map((replica) => machine.read(tensor, { replica })));
  const metrics = await machine.read(run.metrics, { count: STEPS * REPLICAS * metricsColumns.length });
  return { metrics, words: [...(await Promise.all(words)), metrics].map(({ buffer }) => new Uint32Array(buffer)) };
}

describe.each([{ relaxed: false }, { relaxed: true }])(
  "threads of the CPU device, relaxed: $relaxed",
  ({ relaxed }) => {
    it.each([2, 3, 7])("%i threads that share every call leave the same bits as one", async (threads) => {
      const [alone, shared] = await Promise.all([train({ relaxed, threads: 1 }), train({ relaxed, threads })]);
      const losses = alone.metrics.filter((_, column) => column % metricsColumns.length === 0);
      expect([...losses].every((loss) => Number.isFinite(loss) && loss > 0)).toBe(true);
      expect(shared.words).toEqual(alone.words);
    });

    it.each([
      ["each takes one part of a call", inOneRound],
      ["each takes whole replicas", byReplica],
    ])("leave the same bits when %s", async (_, sharing) => {
      const [alone, spread] = await Promise.all([
        train({ relaxed, threads: 1 }),
        train({ relaxed, threads: 2 }, sharing),
      ]);
      expect(spread.words).toEqual(alone.words);
    });

    it("leave the same bits every time", async () => {
      const [first, second] = await Promise.all([train({ relaxed, threads: 2 }), train({ relaxed, threads: 2 })]);
      expect(second.words).toEqual(first.words);
    });
  },
);

describe("a thread that traps", () => {
  /** A tape of one call that is no kernel, for a replica: its thread traps, and the other one waits for it. */
  function brokenTape({ memory, allocator }: KernelModule, replica: number): number {
    const { start } = allocator.allocate(256);
    const [noKernel, meets, args] = [2 ** 31, 1, start + 128];
    new Uint32Array(memory.buffer, start, 5).set([noKernel, args, 0, meets, 0]);
    new Uint32Array(memory.buffer, args, 1).set([replica]);
    return start;
  }

  it.each([2, 3])("of %i ends the run of all, and any later one", async (threads) => {
    for (let replica = 0; replica < threads; replica++) {
      const module = await createKernelModule({ threads });
      onTestFinished(() => module.close());
      expect(module.threads).toBe(threads);
      const tape = brokenTape(module, replica);
      for (const calls of [1, 1, 0]) {
        expect(() => module.run(tape, calls, 1, threads)).toThrow(
          /^cpu: got ".*" from a kernel.*Reload the page, or start again/,
        );
      }
    }
  });

  it("is noticed also by one that is busy for long, and comes to the meeting later", async () => {
    const module = await createKernelModule({ threads: 2 });
    onTestFinished(() => module.close());
    const { memory, allocator } = module;
    // A norm of zeros takes the calling thread some milliseconds; the helper traps at once
    const count = 2 ** 22;
    const input = allocator.allocate(4 * count).start;
    const { start } = allocator.allocate(512);
    const [norm, args, noArgs] = [start + 256, start + 128, start + 192];
    new Uint32Array(memory.buffer, args, 4).set([0, input, norm, count]);
    new Uint32Array(memory.buffer, noArgs, 1).set([1]);
    const entries = [module.indexOf("frobenius"), args, 0, 0, 0, 2 ** 31, noArgs, 0, 1, 0];
    new Uint32Array(memory.buffer, start, 10).set(entries);
    expect(() => module.run(start, 2, 1, 2)).toThrow(DeviceError);
  });

  it("leaves a device that has no others as it was", async () => {
    const module = await createKernelModule({ threads: 1 });
    expect(() => module.run(brokenTape(module, 0), 1, 1, 1)).toThrow(DeviceError);
    expect(() => module.run(brokenTape(module, 0), 0, 1, 1)).not.toThrow();
  });
});

describe("a deterministic CPU device", () => {
  it("takes the build that rounds every product and every sum, and others the one that may fuse them", async () => {
    const modules = await Promise.all([
      createKernelModule({ threads: 1 }),
      createKernelModule({ threads: 1, relaxed: false }),
    ]);
    expect(modules.map(({ isRelaxed }) => isRelaxed)).toEqual([true, false]);
    const device = await createCpuDevice({ deterministic: true, threads: 2 });
    onTestFinished(() => device.destroy());
    expect(device.label).toBe("CPU · WebAssembly, 2 threads");
  });
});

describe("the schedule of a program", () => {
  const plain = compileRun(shape);
  const { calls } = plain.plan.programs.step;
  const names = (flags: readonly boolean[]) =>
    calls.flatMap(({ kernel }, index) => (flags[index] ? [kernel.name] : []));

  it("shares large calls, and lets threads meet after them and before them", () => {
    const large = elements(plain.parameters.arena.shape) * 4;
    const { rounds, meets, needsThreads } = scheduleOf(calls, { replicas: 1, threads: 2, sharedFrom: large });
    expect(names(rounds.map((count) => count > 0))).toEqual(["adamw"]);
    expect(names(meets)).toEqual(["recordStep", "adamw"]);
    expect(needsThreads).toBe(true);
  });

  it("never shares a call of one invocation, and nothing for many replicas or on one thread", () => {
    const all = scheduleOf(calls, { replicas: 1, threads: 2, sharedFrom: 0 });
    expect(names(all.rounds.map((count) => count === 0))).toEqual(["recordStep"]);
    for (const [replicaCount, threads] of [
      [8, 2],
      [1, 1],
    ] as const) {
      const { rounds } = scheduleOf(calls, { replicas: replicaCount, threads, sharedFrom: 0 });
      expect(Math.max(...rounds)).toBe(0);
    }
  });

  it("shares the largest calls in more rounds than others, in four at most", () => {
    const large = elements(plain.parameters.arena.shape) * 4;
    const roundsFrom = (secondRoundFrom: number) =>
      scheduleOf(calls, { replicas: 1, threads: 2, sharedFrom: large, secondRoundFrom }).rounds;
    expect(Math.max(...roundsFrom(large * 8))).toBe(1);
    expect(Math.max(...roundsFrom(large))).toBe(2);
    expect(Math.max(...roundsFrom(large / 2))).toBe(3);
    expect(Math.max(...roundsFrom(1))).toBe(4);
  });

  it("leaves the helpers asleep for a small run, and lets them meet after every call of several", () => {
    const single = scheduleOf(calls, { replicas: 1, threads: 2 });
    expect([single.needsThreads, ...single.meets]).not.toContain(true);
    const several = scheduleOf(calls, { replicas: 2, threads: 2 });
    expect([several.needsThreads, ...several.meets]).not.toContain(false);
  });
});
