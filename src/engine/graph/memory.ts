import type { Call, Program } from "./program.ts";
import { bytesOf, type Role, rootOf, storedElements, type Tensor } from "./tensor.ts";

/** One stretch of device memory: a root tensor's own, or shared by activations that are never needed at the same time. */
export interface Block {
  readonly name: string;
  readonly role: Role;
  readonly bytes: number;
}

/**
 * Where every root tensor lies. A block is one GPU buffer, and a stretch of the CPU's linear memory. Blocks rather than
 * offsets into one large arena, because WebGPU forbids a dispatch to read and write the same buffer through different
 * bindings, and declaring everything writable would cost the read-only path of the caches.
 */
export interface MemoryPlan {
  readonly blocks: readonly Block[];
  /** Index into `blocks` of every root. */
  readonly blockOf: ReadonlyMap<Tensor, number>;
  readonly bytesByRole: Readonly<Partial<Record<Role, number>>>;
}

/**
 * Plans the memory of programs that never run at the same time. Activations share blocks, within a program by liveness
 * and across programs always. Those whose values outlive a program get their own: `kept` names what a host reads or
 * writes, and an activation of several programs carries values from one to the next. `resting` ones last until another
 * program runs: a host that reads them at once finds them.
 */
export function planMemory(
  programs: readonly Program[],
  replicas: number,
  kept: ReadonlySet<Tensor>,
  resting: ReadonlySet<Tensor> = new Set(),
): MemoryPlan {
  const sizeOf = (root: Tensor) => bytesOf(root, storedElements(root, replicas));
  const blockOf = new Map<Tensor, number>();
  const blocks: Block[] = [];
  const usesOf = programs.map((program) => new Set(rootsOf(program)));
  const outlives = (root: Tensor) => kept.has(root) || usesOf.filter((roots) => roots.has(root)).length > 1;
  const shares = (root: Tensor) => root.role === "activations" && !outlives(root);

  for (const root of new Set([...programs.flatMap(rootsOf), ...[...kept].map(rootOf)])) {
    if (!shares(root)) blockOf.set(root, blocks.push({ name: root.name, role: root.role, bytes: sizeOf(root) }) - 1);
  }

  const shared: SharedBlock[] = [];
  for (const program of programs) {
    const lives = livesOf(program.calls, resting).filter(({ root }) => shares(root));
    for (const block of shared) block.lives = [];
    for (const life of lives.sort((a, b) => sizeOf(b.root) - sizeOf(a.root))) {
      const fitting = placeLife(life, sizeOf(life.root), shared);
      blockOf.set(life.root, blocks.length + shared.indexOf(fitting));
    }
  }
  shared.forEach(({ bytes }, index) => {
    blocks.push({ name: `activations ${index}`, role: "activations", bytes });
  });
  return { blocks, blockOf, bytesByRole: sumByRole(blocks) };
}

/** From the first call to the last call that uses a root. */
interface Life {
  readonly root: Tensor;
  readonly first: number;
  last: number;
}

interface SharedBlock {
  bytes: number;
  lives: Life[];
}

/** Greedy by size (Pisarchyk & Lee 2020, arXiv 2001.03288): the largest tensors first, each into the first free block. */
function placeLife(life: Life, bytes: number, shared: SharedBlock[]): SharedBlock {
  const isFree = (block: SharedBlock) =>
    block.lives.every((other) => other.last < life.first || life.last < other.first);
  let block = shared.find(isFree);
  if (block === undefined) {
    block = { bytes: 0, lives: [] };
    shared.push(block);
  }
  block.bytes = Math.max(block.bytes, bytes);
  block.lives.push(life);
  return block;
}

const rootsOf = (program: Program): readonly Tensor[] =>
  program.calls.flatMap((call) => Object.values(call.bindings).map(rootOf));

function livesOf(calls: readonly Call[], resting: ReadonlySet<Tensor>): Life[] {
  const lives = new Map<Tensor, Life>();
  calls.forEach((call, index) => {
    for (const root of Object.values(call.bindings).map(rootOf)) {
      const life = lives.get(root);
      if (life === undefined) lives.set(root, { root, first: index, last: index });
      else life.last = index;
    }
  });
  for (const life of lives.values()) if (resting.has(life.root)) life.last = calls.length;
  return [...lives.values()];
}

function sumByRole(blocks: readonly Block[]): MemoryPlan["bytesByRole"] {
  const sums: Partial<Record<Role, number>> = {};
  for (const { role, bytes } of blocks) sums[role] = (sums[role] ?? 0) + bytes;
  return sums;
}
