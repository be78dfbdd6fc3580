import type { Call, Plan } from "../../engine/graph/program.ts";
import { DeviceError } from "../device.ts";
import { type Layout, offsetOf } from "./layout.ts";
import type { KernelModule } from "./module.ts";
import type { Schedule } from "./schedule.ts";

/** A program as 32-bit words: an entry per call and replica, see kernels/walk.ts, and then the argument blocks. */
export interface Tape {
  readonly calls: number;
  readonly words: Uint32Array;
}

interface TapeOptions {
  readonly plan: Plan;
  readonly layout: Layout;
  /** Byte address of the plan's memory. */
  readonly memoryStart: number;
  readonly module: KernelModule;
}

const BYTES_PER_WORD = 4;
const ENTRY_WORDS = 5;

/** Throws a `DeviceError` where the module has no function for a call. To be asked before memory is taken. */
export function checkKernels(plan: Plan, module: KernelModule): void {
  for (const call of callsOf(plan)) functionsOf(call, module);
}

/** Words that a program's tape takes; known before its place is. */
export function tapeWords(calls: readonly Call[], replicas: number): number {
  return replicas * calls.reduce((sum, call) => sum + ENTRY_WORDS + argumentWords(call), 0);
}

/** Writes a program down, to be placed at the byte address `start`. Replicas follow each other within each call. */
export function createTape(calls: readonly Call[], start: number, schedule: Schedule, options: TapeOptions): Tape {
  const { plan, module } = options;
  const words = new Uint32Array(tapeWords(calls, plan.replicas));
  let entryAt = 0;
  let blockAt = ENTRY_WORDS * calls.length * plan.replicas;
  calls.forEach((call, index) => {
    const functions = functionsOf(call, module);
    const rounds = schedule.rounds[index] ?? 0;
    for (let replica = 0; replica < plan.replicas; replica++) {
      const block = argumentBlock(call, replica, functions.activation, options);
      // Replicas of a call do not need each other
      const meets = schedule.meets[index] && replica === plan.replicas - 1 ? 1 : 0;
      words.set([functions.kernel, start + blockAt * BYTES_PER_WORD, rounds, meets, 0], entryAt);
      words.set(block, blockAt);
      entryAt += ENTRY_WORDS;
      blockAt += block.length;
    }
  });
  return { calls: calls.length * plan.replicas, words };
}

const callsOf = (plan: Plan): readonly Call[] => Object.values(plan.programs).flatMap((program) => program.calls);

const argumentWords = ({ kernel }: Call): number =>
  1 + (kernel.activation === undefined ? 0 : 1) + Object.keys(kernel.bindings).length + kernel.constants.length;

/** Replica, activation where the kernel has one, then bindings and constants in the order of its definition. */
function argumentBlock(
  call: Call,
  replica: number,
  activation: readonly number[],
  { plan, layout, memoryStart }: TapeOptions,
): readonly number[] {
  const missing = (what: string) =>
    new DeviceError(`${call.kernel.name}: got no ${what}, expected every binding and constant. Emit the call with it.`);
  const pointers = Object.keys(call.kernel.bindings).map((name) => {
    const tensor = call.bindings[name];
    if (tensor === undefined) throw missing(name);
    return memoryStart + offsetOf(tensor, plan, layout, replica);
  });
  const constants = call.kernel.constants.map((name) => {
    const constant = call.constants[name];
    if (constant === undefined) throw missing(name);
    return constant;
  });
  return [replica, ...activation, ...pointers, ...constants];
}

/** The table's indices of a call's kernel and, where the kernel applies one, of its activation's function. */
function functionsOf(
  { kernel, activation }: Call,
  module: KernelModule,
): { kernel: number; activation: readonly number[] } {
  const index = module.indexOf(kernel.name);
  if (kernel.activation === undefined) return { kernel: index, activation: [] };
  const suffix = kernel.activation === "forward" ? "Forward" : "Backward";
  return { kernel: index, activation: [module.indexOf(`${activation}${suffix}`)] };
}
