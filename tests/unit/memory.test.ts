import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defineKernel } from "../../src/engine/graph/kernel.ts";
import { type MemoryPlan, planMemory } from "../../src/engine/graph/memory.ts";
import type { Call, Program } from "../../src/engine/graph/program.ts";
import {
  createTensor,
  type Role,
  rootOf,
  sliceOf,
  storedElements,
  type Tensor,
} from "../../src/engine/graph/tensor.ts";

const kernel = defineKernel({
  name: "any",
  wgsl: "",
  entry: "any",
  bindings: {},
  constants: [],
  workgroup: [1, 1],
  invocations: () => [1, 1],
});

const roles: readonly Role[] = ["activations", "activations", "activations", "parameters", "data"];

interface Case {
  readonly programs: readonly Program[];
  readonly replicas: number;
  readonly kept: ReadonlySet<Tensor>;
}

/** Programs over a common pool of roots, each call with one to four of them, bound whole or as a slice. */
const cases: fc.Arbitrary<Case> = fc
  .record({
    roots: fc.array(
      fc.record({ size: fc.integer({ min: 64, max: 500 }), role: fc.constantFrom(...roles), perReplica: fc.boolean() }),
      { minLength: 1, maxLength: 10 },
    ),
    calls: fc.array(
      fc.array(fc.array(fc.tuple(fc.nat(9), fc.boolean()), { minLength: 1, maxLength: 4 }), {
        minLength: 1,
        maxLength: 8,
      }),
      { minLength: 1, maxLength: 3 },
    ),
    kept: fc.array(fc.nat(9), { maxLength: 3 }),
    replicas: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ roots, calls, kept, replicas }) => {
    const tensors = roots.map(({ size, role, perReplica }, index) =>
      createTensor({ name: `t${index}`, shape: [size], type: "f32", role, perReplica }),
    );
    const at = (index: number): Tensor => tensors[index % tensors.length];
    const bound = ([index, isSlice]: readonly [number, boolean]): Tensor =>
      isSlice ? sliceOf(at(index), `slice of ${at(index).name}`, [1], 0) : at(index);
    const programs = calls.map((list, index): Program => {
      const call = (uses: readonly (readonly [number, boolean])[]): Call => {
        const bindings = Object.fromEntries(uses.map((use, binding) => [`b${binding}`, bound(use)]));
        return { kernel, move: "forward", bindings, constants: {} };
      };
      return { name: `p${index}`, calls: list.map(call) };
    });
    return { programs, replicas, kept: new Set(kept.map(at)) };
  });

/** First and last call of every root of a program. */
function lives({ calls }: Program): ReadonlyMap<Tensor, readonly [first: number, last: number]> {
  const found = new Map<Tensor, readonly [number, number]>();
  calls.forEach(({ bindings }, index) => {
    for (const root of Object.values(bindings).map(rootOf)) found.set(root, [found.get(root)?.[0] ?? index, index]);
  });
  return found;
}

/** The roots of each block. */
function tenants({ blocks, blockOf }: MemoryPlan): readonly (readonly Tensor[])[] {
  return blocks.map((_, index) => [...blockOf].filter(([, block]) => block === index).map(([root]) => root));
}

const plans = (check: (plan: MemoryPlan, of: Case) => void) =>
  fc.assert(fc.property(cases, (of) => check(planMemory(of.programs, of.replicas, of.kept), of)));

describe("a memory plan", () => {
  it("gives two roots that are alive at the same time different blocks", () => {
    plans(({ blockOf }, { programs }) => {
      for (const program of programs) {
        const all = [...lives(program)];
        for (const [a, [firstA, lastA]] of all) {
          for (const [b, [firstB, lastB]] of all) {
            if (a !== b && firstA <= lastB && firstB <= lastA) expect(blockOf.get(a)).not.toBe(blockOf.get(b));
          }
        }
      }
    });
  });

  it("gives a block of its own to what is kept, and to everything but activations", () => {
    plans((plan, { kept }) => {
      for (const roots of tenants(plan)) {
        if (roots.some((root) => kept.has(root) || root.role !== "activations")) expect(roots).toHaveLength(1);
      }
    });
  });

  it("has a block for every root, as large as its largest tenant for all replicas", () => {
    plans((plan, { programs, replicas, kept }) => {
      const used = new Set([...programs.flatMap((program) => [...lives(program).keys()]), ...kept]);
      expect(new Set(plan.blockOf.keys())).toEqual(used);
      tenants(plan).forEach((roots, index) => {
        const largest = Math.max(...roots.map((root) => storedElements(root, replicas)));
        expect(plan.blocks[index].bytes).toBe(4 * largest);
      });
    });
  });

  it("sums its bytes by role, and over all roles to those of its blocks", () => {
    plans(({ blocks, bytesByRole }) => {
      const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
      expect(sum(Object.values(bytesByRole))).toBe(sum(blocks.map(({ bytes }) => bytes)));
      for (const [role, bytes] of Object.entries(bytesByRole)) {
        expect(bytes).toBe(sum(blocks.filter((block) => block.role === role).map((block) => block.bytes)));
      }
    });
  });

  const [a, b, c] = ["a", "b", "c"].map((name) =>
    createTensor({ name, shape: [64], type: "f32", role: "activations", perReplica: true }),
  );
  const calls = [
    { a, b },
    { b, c },
  ].map((bindings): Call => ({ kernel, move: "forward", bindings, constants: {} }));
  const chain = { name: "chain", calls };

  it("lets an activation take the memory of one that is dead", () => {
    const { blockOf, blocks } = planMemory([chain], 1, new Set());
    expect(blockOf.get(a)).toBe(blockOf.get(c));
    expect(blocks).toHaveLength(2);
  });

  it("keeps a resting activation to the end of its program, in memory that other programs share", () => {
    const other = {
      name: "other",
      calls: [{ ...calls[0], bindings: { d: { ...a, name: "d" }, e: { ...a, name: "e" } } }],
    };
    const { blockOf, blocks } = planMemory([chain, other], 1, new Set(), new Set([a]));
    expect(new Set([a, b, c].map((tensor) => blockOf.get(tensor))).size).toBe(3);
    expect(blocks).toHaveLength(3);
  });
});
