import { createCpuDevice } from "../src/devices/cpu/device.ts";
import type { Device, Machine } from "../src/devices/device.ts";
import { compileRun, type RunPlan } from "../src/engine/compile.ts";
import { initialControl, uncontrolled } from "../src/engine/control.ts";
import { planMemory } from "../src/engine/graph/memory.ts";
import type { Call, Plan, Program } from "../src/engine/graph/program.ts";
import { createTensor, elements, type Tensor } from "../src/engine/graph/tensor.ts";
import { linearBackwardInput, linearBackwardWeight, linearForward } from "../src/engine/layers/linear.ts";
import { crossEntropy } from "../src/engine/losses/cross-entropy.ts";
import { adam } from "../src/engine/optimizers/adam.ts";
import { defaultsOf } from "../src/lib/hyperparameters.ts";

// Times of the CPU device's kernels and steps, the least of several rounds: in Node, or in a browser's module worker.

const ROUNDS = 12;
const ROUND_MS = 60;

/** Milliseconds per run of a program. `prepare` comes before every `most` runs at the latest. */
function timeOf(run: (times: number) => void, { most = 1e6, prepare = () => {} } = {}): number {
  let times = 1;
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    prepare();
    const start = performance.now();
    run(times);
    const elapsed = performance.now() - start;
    if (round > 1) least = Math.min(least, elapsed / times);
    times = Math.max(1, Math.min(most, Math.round((times * ROUND_MS) / Math.max(elapsed, 1e-3))));
  }
  return least;
}

const tensor = (name: string, shape: readonly number[]): Tensor =>
  createTensor({ name, shape, type: "f32", role: "activations", perReplica: false });

const somewhat = (count: number) => Float32Array.from({ length: count }, (_, index) => Math.sin(index) / 8);

/** Square products as calls of the layer's kernels, whose sizes are all n. */
function productCalls(n: number): Readonly<Record<string, Call>> {
  const [a, b, result, bias] = [
    tensor("a", [n, n]),
    tensor("b", [n, n]),
    tensor("result", [n, n]),
    tensor("bias", [n]),
  ];
  const arena = tensor("arena", [n * n + n]);
  const sizes = { B: n, I: n, O: n };
  const call = (kernel: Call["kernel"], bindings: Call["bindings"], constants = {}): Call => ({
    ...{ kernel, bindings, move: "forward", activation: "identity", constants: { ...sizes, ...constants } },
  });
  return {
    NN: call(linearBackwardInput, { outputGrad: a, weight: b, saved: a, inputGrad: result }, { accumulate: 0 }),
    NT: call(linearForward, { input: a, weight: b, bias, output: result }),
    TN: call(
      linearBackwardWeight,
      { outputGrad: a, input: b, gradients: arena },
      { weightAt: 0, biasAt: n * n, accumulate: 0 },
    ),
  };
}

async function timeProducts(device: Device, n: number): Promise<void> {
  for (const [name, call] of Object.entries(productCalls(n))) {
    const program: Program = { name, calls: [call] };
    const roots = new Set(Object.values(call.bindings));
    const plan: Plan<"product"> = {
      ...{ replicas: 1, programs: { product: program }, tables: [] },
      memory: planMemory([program], 1, roots),
    };
    const machine = await device.load(plan);
    for (const root of roots) machine.write(root, somewhat(elements(root.shape)));
    const ms = timeOf((times) => machine.run("product", times));
    console.log(`${name} ${n}: ${ms.toFixed(3)} ms, ${((2 * n ** 3) / ms / 1e6).toFixed(1)} GFLOP/s`);
    machine.dispose();
  }
}

interface Workload {
  readonly layers: readonly number[];
  readonly activation: string;
  readonly batchSize: number;
}

const workloads: Readonly<Record<string, Workload>> = {
  tiny: { layers: [2, 16, 16, 2], activation: "tanh", batchSize: 32 },
  mnist: { layers: [784, 256, 128, 10], activation: "relu", batchSize: 128 },
  wide: { layers: [784, 1024, 1024, 10], activation: "relu", batchSize: 256 },
};

const MAX_STEPS = 256;
const EXAMPLES = 1024;

/** What the loss reads besides outputs and targets. */
const settingsOf = ({ layers }: Workload): Float32Array =>
  Float32Array.from(crossEntropy.settings(defaultsOf(crossEntropy.hyperparameters), layers.at(-1) ?? 1));

function compile(workload: Workload): RunPlan {
  const { layers, activation, batchSize } = workload;
  const [inputs = 1, ...rest] = layers;
  const hidden = rest.slice(0, -1).map((width) => ({ width, activation }));
  return compileRun({
    model: { inputs, layers: hidden, outputs: rest.at(-1) ?? 1 },
    ...{ loss: crossEntropy, optimizer: adam, targetWidth: 1, batchSize, replicas: 1, maxSteps: MAX_STEPS },
    ...{
      counts: { train: EXAMPLES, validation: 1, test: 1 },
      probeCount: 1,
      settingCount: settingsOf(workload).length,
    },
  });
}

function fill(machine: Machine<string>, run: RunPlan, workload: Workload): void {
  const { batchSize } = workload;
  const { inputs, targets } = run.data.train;
  machine.write(inputs, somewhat(elements(inputs.shape)));
  machine.write(targets, somewhat(EXAMPLES).fill(0));
  machine.write(run.parameters.arena, somewhat(elements(run.parameters.arena.shape)));
  const rows = Array.from({ length: MAX_STEPS }, (_, step) => [(step * batchSize) % EXAMPLES, batchSize, 0, 1, 0]);
  machine.write(run.tables.batches, Uint32Array.from(rows.flat()));
  machine.write(run.tables.control, initialControl(uncontrolled));
  machine.write(run.tables.settings, settingsOf(workload));
  machine.write(run.tables.scalars, new Float32Array(elements(run.tables.scalars.shape)).fill(1e-4));
}

async function timeStep(device: Device, name: string, workload: Workload): Promise<void> {
  const run = compile(workload);
  const { step } = run.plan.programs;
  const single = step.calls.map((call, index) => [`${index} ${call.kernel.name}`, { name: "one", calls: [call] }]);
  const programs: Record<string, Program> = { step, ...Object.fromEntries(single) };
  const machine = await device.load<string>({ ...run.plan, programs });
  fill(machine, run, workload);
  const prepare = () => machine.write(run.tables.clock, Uint32Array.of(0, 0));
  const lines = Object.keys(programs).map((program) => {
    const ms = timeOf((times) => machine.run(program, times), { most: MAX_STEPS, prepare });
    return `  ${program.padEnd(24)} ${(1000 * ms).toFixed(1).padStart(9)} µs`;
  });
  console.log(`${name}\n${lines.join("\n")}`);
  machine.dispose();
}

/** Part of a name: what to measure; of a script's arguments in Node, of a worker's address in a browser. */
const only = typeof process === "undefined" ? location.hash.slice(1) : (process.argv[2] ?? "");
for (const threads of [1, 2]) {
  const device = await createCpuDevice({ threads });
  console.log(`\n${device.label}`);
  for (const n of [512, 1024]) if ("products".includes(only)) await timeProducts(device, n);
  for (const [name, workload] of Object.entries(workloads)) {
    if (name.includes(only)) await timeStep(device, name, workload);
  }
  device.destroy();
}
console.log("done");
