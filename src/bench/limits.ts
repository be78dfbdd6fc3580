import type { Device } from "../devices/device.ts";
import { createEmit } from "../engine/graph/graph.ts";
import { planMemory } from "../engine/graph/memory.ts";
import type { Call, Program } from "../engine/graph/program.ts";
import { createTensor } from "../engine/graph/tensor.ts";
import { COPIED_BYTES, copy, FLOP_PER_ROUND, multiplyAdd } from "../engine/limits.ts";
import { repetitionsFor, type Spread, spreadOf, timeRounds } from "./clock.ts";
import type { DeviceLimits } from "./report.ts";

/** Invocations: enough for every lane of a large GPU, and few enough for one that software simulates. */
const INVOCATIONS = 2 ** 18;
/** Vectors that are copied: 64 MiB to 64 MiB, more than the caches of a GPU hold; one in software has those of the CPU. */
const copiedBy = ({ software }: Device): number => (software ? INVOCATIONS : 2 ** 22 - 64);
const FIRST_ROUNDS = 1;
const MOST_ROUNDS = 4096;
/** Milliseconds of one dispatch: launching it must not count. */
const DISPATCH_MS = 2;

/** Milliseconds of one run of a program of two tensors. */
async function timeKernel(
  device: Device,
  emitCall: (calls: Call[]) => void,
  { budget, rounds }: { readonly budget: number; readonly rounds: number },
): Promise<Spread> {
  const calls: Call[] = [];
  emitCall(calls);
  const [call] = calls;
  const destination = call?.bindings.destination;
  if (call === undefined || destination === undefined) throw new RangeError("calls: got none, expected one.");
  const program: Program = { name: "limit", calls };
  const memory = planMemory([program], 1, new Set(Object.values(call.bindings)));
  const machine = await device.load({ replicas: 1, memory, programs: { limit: program }, tables: [] });
  try {
    const run = async (times: number) => {
      machine.run("limit", times);
      await machine.read(destination, { count: 1 });
    };
    const repetitions = await repetitionsFor(budget / rounds, run);
    return spreadOf(await timeRounds(rounds, repetitions, run));
  } finally {
    machine.dispose();
  }
}

/**
 * The limits of a GPU by two kernels that do nothing else: multiply-adds in registers, and copying through memory. What
 * other kernels reach is held against them.
 */
export async function measureLimits(
  device: Device,
  effort: { readonly budget: number; readonly rounds: number },
): Promise<DeviceLimits> {
  const tensor = (name: string, count: number) =>
    createTensor({ name, shape: [count, 4], type: "f32", role: "activations", perReplica: false });
  const bindingsOf = (count: number) => ({
    source: tensor("source", count),
    destination: tensor("destination", count),
  });
  const bindings = bindingsOf(INVOCATIONS);
  const timeRoundsOf = (count: number) =>
    timeKernel(
      device,
      (calls) =>
        createEmit(calls, "forward").call(multiplyAdd, { bindings, constants: { N: INVOCATIONS, rounds: count } }),
      effort,
    );
  const first = await timeRoundsOf(FIRST_ROUNDS);
  const wanted = Math.round((FIRST_ROUNDS * DISPATCH_MS) / first.median);
  const count = Math.min(MOST_ROUNDS, Math.max(FIRST_ROUNDS, wanted));
  const arithmetic = count === FIRST_ROUNDS ? first : await timeRoundsOf(count);
  const copied = copiedBy(device);
  const moved = await timeKernel(
    device,
    (calls) => createEmit(calls, "forward").call(copy, { bindings: bindingsOf(copied), constants: { N: copied } }),
    effort,
  );
  return {
    kind: "limits",
    device: device.kind === "cpu" ? "cpu" : "webgpu",
    gflops: ratesOf(arithmetic, INVOCATIONS * count * FLOP_PER_ROUND),
    gigabytes: ratesOf(moved, copied * COPIED_BYTES),
  };
}

/** Thousands of millions per second, from milliseconds of `work`; the slow rounds are the low rates. */
export function ratesOf({ median, low, high, rounds }: Spread, work: number): Spread {
  const rate = (ms: number) => work / ms / 1e6;
  return { median: rate(median), low: rate(high), high: rate(low), rounds };
}
