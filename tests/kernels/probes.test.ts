import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Device } from "../../src/devices/device.ts";
import { CONTROL_SIZE, type Controls, initialControl, uncontrolled } from "../../src/engine/control.ts";
import { foldLanes, foldsOf, gradNormLanes, gradNormPartials } from "../../src/engine/gradNorm.ts";
import { planMemory } from "../../src/engine/graph/memory.ts";
import { createTensor, elements, type Shape, type Tensor } from "../../src/engine/graph/tensor.ts";
import { layArena, type ParameterSpec } from "../../src/engine/parameters.ts";
import { penalize } from "../../src/engine/penalties.ts";
import { metricsColumns, recordEvaluation, recordStep } from "../../src/engine/probes.ts";
import { deviceKinds, devices, expectNoError } from "./devices.ts";
import { expectAgreement, type KernelCase, type Operand, type Replica } from "./harness.ts";
import { normals } from "./linearCases.ts";
import { sumBound, UNIT_ROUNDOFF } from "./tolerances.ts";

/** Tensors of awkward sizes in one arena, the largest with more than one block of lanes. */
const specs = [[1], [1, 2], [7], [31, 33], [3, 1], [65], [129, 127], [257]].map(
  (shape, index): ParameterSpec => ({ name: `p${index}`, shape, fanIn: 1, fanOut: 1 }),
);
const { arena, slices, matrices } = layArena(specs, "gradients", "gradients");
const table = gradNormLanes([...slices.values()]);
const { lanes, laneEnds, count: L } = table;
const [P, tensors] = [elements(arena.shape), laneEnds.length];

const words = (shape: Shape, values: ArrayLike<number>, isShared = true): Operand => ({
  shape,
  type: "u32",
  isShared,
  values: () => values,
});

/** Gradients with NaN between the tensors, where nothing may look, and `special` numbers at given places of tensors. */
function gradients(special: ReadonlyMap<string, number>): Operand {
  const values = (replica: number) => {
    const all = new Float32Array(P).fill(Number.NaN);
    for (const [index, [name, { slice, shape }]] of [...slices].entries()) {
      const start = slice?.offset ?? 0;
      all.set(normals(index, shape).values?.(replica) ?? [], start);
      all[start + elements(shape) - 1] = special.get(name) ?? all[start + elements(shape) - 1];
    }
    return all;
  };
  return { shape: [P], values };
}

const longestLane = Math.max(
  ...Array.from({ length: L }, (_, l) => Math.ceil((lanes[3 * l + 1] - lanes[3 * l]) / lanes[3 * l + 2])),
);

const scaledControl = (limit: number): Operand => ({
  shape: [CONTROL_SIZE],
  values: () => initialControl({ ...uncontrolled, limit }, 4),
});

/** Gradients that still have the loss scale, some of which clipping by value changes where there is a limit. */
function partialsCase(special: ReadonlyMap<string, number>, limit = uncontrolled.limit): KernelCase {
  return {
    title: `with ${[...special.values()]}, limit ${limit}`,
    isUnusual: special.size > 0,
    kernel: gradNormPartials,
    constants: { L },
    operands: {
      gradients: gradients(special),
      lanes: words([L, 3], lanes),
      control: scaledControl(limit),
      partials: { shape: [L, 2] },
    },
    bounds: ({ after }) => ({
      partials: after.partials.map((value, at) => (at % 2 === 0 ? sumBound(longestLane, Math.abs(value)) : 0)),
    }),
  };
}

const ELEMENTS = specs.reduce((sum, { shape }) => sum + elements(shape), 0);
const ROWS = 4;

/** Sums of squares by lane, and counts of what is not finite: here in tensors 3 and 5 of replica 1. */
function partials(): Operand {
  const values = (replica: number) =>
    Float32Array.from(normals(50, [L, 2]).values?.(replica) ?? [], (value, at) => {
      if (at % 2 === 0) return value ** 2;
      const isBad = replica === 1 && (at === 2 * laneEnds[3] - 1 || at === 2 * laneEnds[5] - 1);
      const clipped = replica === 2 && at % 3 === 0 ? 1 : 0;
      return isBad ? 2 : -clipped;
    });
  return { shape: [L, 2], values };
}

/** The same lanes with penalties; those of tensor 6 may be of about 2^100, some of them stored as shrunk ones. */
function foldCase(penalized: 0 | 1, hasLarge: boolean): KernelCase {
  const [folds] = foldsOf(table);
  if (folds === undefined) throw new Error("folds: got none, expected some. Give the tensors more elements.");
  const { count: F } = folds;
  const penalties = normals(51, [L]);
  const values = (replica: number) => {
    const pairs = Float32Array.from(partials().values?.(replica) ?? []);
    for (let lane = laneEnds[5]; hasLarge && lane < laneEnds[6]; lane++) {
      pairs[2 * lane] *= lane % 7 === 0 ? -(2 ** -40) : 2 ** 100;
    }
    return [...pairs, ...Float32Array.from(penalties.values?.(replica) ?? [])];
  };
  const FOLDED = 64;
  return {
    title: `penalized ${penalized}`,
    isUnusual: hasLarge,
    kernel: foldLanes,
    constants: { L, F, penalized },
    operands: { partials: { shape: [3 * L], values }, folds: words([F, 3], folds.lanes), folded: { shape: [3 * F] } },
    bounds: ({ after: { folded } }) => ({
      folded: folded.map((sum, at) => {
        if (at >= 2 * F) return sumBound(FOLDED, FOLDED);
        return at % 2 === 0 ? sumBound(FOLDED, Math.abs(sum)) : 0;
      }),
    }),
  };
}

const COLUMNS = metricsColumns.length;

/** A quotient (2.5 ULP) and a difference; the counts are exact. */
const CLIP_ROUNDINGS = 5;

function recordBounds(B: number, replicas: number, withNorms: boolean) {
  return ({ after }: Replica) => {
    const metrics = new Float64Array(ROWS * replicas * COLUMNS);
    for (let r = 0; r < replicas; r++) {
      const at = COLUMNS * (2 * replicas + r);
      // A shared tensor is compared once, with the first replica's bounds, which therefore cover all rows.
      metrics[at] = sumBound(B, 5 * B);
      metrics[at + 2] = withNorms ? sumBound(L, after.metrics[at + 2]) : 0;
      metrics[at + 5] = withNorms ? CLIP_ROUNDINGS * UNIT_ROUNDOFF : 0;
    }
    const tensorNorms = after.tensorNorms?.map((norm) => sumBound(L, norm) + 5 * UNIT_ROUNDOFF * norm);
    return { metrics, ...(tensorNorms === undefined ? {} : { tensorNorms }) };
  };
}

function recordCase(B: number, replicas: number, withNorms: boolean): KernelCase {
  const hits = (replica: number) => Float32Array.from(normals(61, [B]).values?.(replica) ?? [], (x) => (x > 0 ? 1 : 0));
  const norms: Readonly<Record<string, Operand>> = withNorms
    ? {
        ...{ partials: partials(), laneEnds: words([tensors], laneEnds), tensorNorms: { shape: [tensors] } },
        control: { shape: [CONTROL_SIZE], values: () => initialControl(uncontrolled) },
      }
    : {};
  return {
    title: `B ${B}`,
    kernel: withNorms ? recordStep : recordEvaluation,
    constants: withNorms ? { B, tensors, elements: ELEMENTS, penalized: 0, R: replicas } : { B, R: replicas },
    operands: {
      rowLoss: normals(60, [B]),
      rowHit: { shape: [B], values: hits },
      ...norms,
      metrics: { shape: [ROWS, replicas, COLUMNS], isShared: true },
      clock: words([2], [2, 1], false),
    },
    bounds: recordBounds(B, replicas, withNorms),
  };
}

interface Steered {
  readonly title: string;
  readonly controls?: Partial<Controls>;
  readonly lossScale?: number;
  readonly streak?: number;
  /** Of two tensors with one lane each: sum of squares, and a count: of non-finite numbers, or minus that of clipped ones. */
  readonly partials: readonly number[];
}

/** Clipping and loss scaling, below, at and above their thresholds. */
const steered: readonly Steered[] = [
  { title: "no clipping", partials: [9, 0, 16, 0] },
  { title: "a norm above the bound", controls: { maxNorm: 0.5 }, partials: [9, 0, 16, 0] },
  { title: "a norm at the bound", controls: { maxNorm: 5 }, partials: [9, 0, 16, 0] },
  { title: "a norm of 0", controls: { maxNorm: 1 }, partials: [0, 0, 0, 0] },
  { title: "a norm of scaled gradients", controls: { maxNorm: 0.5 }, lossScale: 1024, partials: [9, 0, 16, 0] },
  { title: "a norm whose square overflows", controls: { maxNorm: 1 }, partials: [-4, 0, 16, 0] },
  { title: "two such norms, unclipped", partials: [-(2 ** 100), 0, -4, 0] },
  { title: "a norm of infinity, clipped", controls: { maxNorm: 1 }, partials: [Number.POSITIVE_INFINITY, 1, 1, 0] },
  { title: "a norm of infinity, unclipped", partials: [Number.POSITIVE_INFINITY, 1, 1, 0] },
  { title: "two of eight elements by value", controls: { limit: 1 }, partials: [9, -2, 16, 0] },
  { title: "growth a step away", controls: { growthInterval: 3 }, lossScale: 8, streak: 1, partials: [9, 0, 16, 0] },
  { title: "growth", controls: { growthInterval: 3 }, lossScale: 8, streak: 2, partials: [9, 0, 16, 0] },
  { title: "an overflow", controls: { growthInterval: 3 }, lossScale: 8, streak: 2, partials: [9, 0, 16, 1] },
  { title: "an overflow without scaling", lossScale: 8, streak: 2, partials: [9, 0, 16, 1] },
];

/** Roundings of a norm or a factor: a sum, a root (4.5 ULP), quotients (2.5 ULP each), a sum with 1e-6. */
const STEERED_ROUNDINGS = 12;

const UPDATES_SO_FAR = 5;

function steeredCase({ title, controls, lossScale = 1, streak = 0, partials: sums }: Steered): KernelCase {
  const control = initialControl({ ...uncontrolled, ...controls }, lossScale);
  control.set([streak, UPDATES_SO_FAR], CONTROL_SIZE - 2);
  const penalties = [0.25, 0.5];
  const near = (values: Float64Array) =>
    values.map((value) => (Number.isFinite(value) ? STEERED_ROUNDINGS * UNIT_ROUNDOFF * Math.abs(value) : 0));
  return {
    title,
    isUnusual: !sums.every((sum) => Number.isFinite(sum) && sum >= 0),
    kernel: recordStep,
    constants: { B: 1, tensors: 2, elements: 8, penalized: 1, R: 1 },
    operands: {
      rowLoss: { shape: [1], values: () => [1] },
      rowHit: { shape: [1], values: () => [0] },
      partials: { shape: [6], values: () => [...sums, ...penalties] },
      laneEnds: words([2], [1, 2]),
      tensorNorms: { shape: [2] },
      control: { shape: [CONTROL_SIZE], values: () => control },
      metrics: { shape: [1, 1, COLUMNS], isShared: true },
      clock: words([2], [0, 0], false),
    },
    bounds: ({ after }) => ({
      ...{ metrics: near(after.metrics), control: near(after.control), tensorNorms: near(after.tensorNorms) },
    }),
  };
}

/** Weights among which are zeros of both signs, and gradients that already have a loss scale of 8. */
function penaltyCase(): KernelCase {
  const control = initialControl({ ...uncontrolled, l1: 0.01, l2: 0.1 }, 8);
  const values = (replica: number) =>
    Float32Array.from(normals(70, [P]).values?.(replica) ?? [], (w, p) => (p % 5 === 0 ? (p % 2 === 0 ? 0 : -0) : w));
  return {
    title: "on matrices alone",
    kernel: penalize,
    constants: { L, matrices },
    operands: {
      parameters: { shape: [P], values },
      gradients: normals(71, [P]),
      lanes: words([L, 3], lanes),
      control: { shape: [CONTROL_SIZE], values: () => control },
      partials: { shape: [3 * L], values: () => new Float32Array(3 * L).fill(7) },
    },
    bounds: ({ before, after }) => ({
      // Products with l1, l2 and the scale, and two sums, of numbers below that of the penalties and the gradient
      gradients: after.gradients.map((g, p) => (p < matrices ? 6 * UNIT_ROUNDOFF * (Math.abs(g) + 2) : 0)),
      partials: after.partials.map((sum, at) => (at < 2 * L ? 0 : sumBound(2 * longestLane, 2 * sum))),
      parameters: before.parameters.map(() => 0),
    }),
  };
}

/** Runs recordEvaluation over K batches in one submission and returns the table of metrics. */
async function recordedRows(device: Device, times: number): Promise<number[]> {
  const of = (name: string, shape: Shape, perReplica: boolean, type: Tensor["type"] = "f32") =>
    createTensor({ name, shape, type, role: "metrics", perReplica });
  const bindings = {
    rowLoss: of("rowLoss", [2], true),
    rowHit: of("rowHit", [2], true),
    metrics: of("metrics", [ROWS, 3, COLUMNS], false),
    clock: of("clock", [2], true, "u32"),
  };
  const program = {
    name: "record",
    calls: [{ kernel: recordEvaluation, move: "loss", bindings, constants: { B: 2, R: 3 } } as const],
  };
  const memory = planMemory([program], 3, new Set(Object.values(bindings)));
  const machine = await device.load({ replicas: 3, memory, programs: { record: program }, tables: [] });
  for (let replica = 0; replica < 3; replica++) {
    machine.write(bindings.rowLoss, Float32Array.of(replica, 1), { replica });
    machine.write(bindings.rowHit, Float32Array.of(1, 0), { replica });
  }
  machine.run("record", times);
  const metrics = [...(await machine.read(bindings.metrics))];
  machine.dispose();
  return metrics;
}

describe.each(deviceKinds)("probes on %s", (kind) => {
  let device: Device;
  beforeAll(async () => {
    device = await devices[kind]();
  });
  afterEach(() => expectNoError(device));
  afterAll(() => device.destroy());

  it("sum the squares of every tensor's gradients, and of nothing between the tensors", async () => {
    await expectAgreement(device, [partialsCase(new Map())], 3);
  });

  it("fold lanes as if each tensor had fewer, without a lane of its neighbours", async () => {
    await expectAgreement(device, [foldCase(0, false), foldCase(1, false), foldCase(1, true)], 3);
  });

  it("count what is larger than the limit, where all of a lane is finite", async () => {
    // A fourth of it where gradients are normal: with the loss scale of 4 about every third is larger
    await expectAgreement(device, [partialsCase(new Map(), 0.25), partialsCase(new Map(), 1e-9)], 3);
    await expectAgreement(device, [partialsCase(new Map([["p3", Number.NaN]]), 0.25)], 1);
  });

  it("count NaN and both infinities as not finite, by tensor", async () => {
    const special = new Map([
      ["p0", Number.NaN],
      ["p3", Number.POSITIVE_INFINITY],
      ["p6", Number.NEGATIVE_INFINITY],
      ["p7", 3e38],
    ]);
    await expectAgreement(device, [partialsCase(special)], 1);
  });

  it.each([1, 3])(
    "record losses, hits, norms and the first tensor that is not finite, with %i replicas",
    async (replicas) => {
      await expectAgreement(
        device,
        [1, 257].map((B) => recordCase(B, replicas, true)),
        replicas,
      );
      await expectAgreement(
        device,
        [1, 257].map((B) => recordCase(B, replicas, false)),
        replicas,
      );
    },
  );

  it("keep sums of squares from overflowing", async () => {
    const large = new Map(["p1", "p2", "p4", "p6", "p7"].map((name, index) => [name, 10 ** (12 + 6 * index)]));
    await expectAgreement(device, [partialsCase(large)], 1);
  });

  it.each(steered)("steer the update as PyTorch's clip_grad_norm_ and GradScaler do: $title", async (of) => {
    await expectAgreement(device, [steeredCase(of)], 1);
  });

  it("penalize matrices, not biases nor the padding, and nothing where a weight is 0", async () => {
    await expectAgreement(device, [penaltyCase()], 3);
  });

  it("write one row per step, side by side for the replicas, and leave the rows after them alone", async () => {
    const row = [1, 2, 3].flatMap((loss) => [loss, 1, ...new Array(COLUMNS - 2).fill(0)]);
    expect(await recordedRows(device, 3)).toEqual([...row, ...row, ...row, ...new Array(3 * COLUMNS).fill(0)]);
  });
});
