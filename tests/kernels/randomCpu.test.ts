import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";
import { beforeAll, describe, expect, it } from "vitest";
import { createPermutation } from "../../src/lib/permutation.ts";
import { keyOf, philox } from "../../src/lib/philox.ts";
import { createRandom } from "../../src/lib/random.ts";
import { philoxAnswers } from "../fixtures/philox.ts";

const FOLDER = fileURLToPath(new URL("../../src/devices/cpu/kernels/common/", import.meta.url));

interface Kernels {
  readonly memory: WebAssembly.Memory;
  philox(c0: number, c1: number, c2: number, c3: number, k0: number, k1: number, out: number): void;
  permutationKeys(epoch: number, seedLow: number, seedHigh: number, out: number): void;
  permute(index: number, n: number, keys: number): number;
}

async function compile(): Promise<Kernels> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    ["philox.ts", "permutation.ts", "--outFile", "random.wasm", "--runtime", "stub", "-O3", "--initialMemory", "1"],
    {
      readFile: (name) => readFile(join(FOLDER, name), "utf8").catch(() => null),
      writeFile: (name, contents) => {
        if (name.endsWith(".wasm")) binary = contents as Uint8Array;
      },
      listFiles: () => [],
    },
  );
  if (error !== null || binary === undefined) throw new Error(`AssemblyScript: ${error?.message}\n${stderr}`);
  const { instance } = await WebAssembly.instantiate(new Uint8Array(binary), {});
  return instance.exports as unknown as Kernels;
}

describe("random numbers in WebAssembly", () => {
  let kernels: Kernels;
  let words: Uint32Array;
  beforeAll(async () => {
    kernels = await compile();
    words = new Uint32Array(kernels.memory.buffer, 0, 4);
  });

  it.each(philoxAnswers)("give Random123's known answer for counter $counter", ({ counter: c, key, block }) => {
    kernels.philox(c[0], c[1], c[2], c[3], key[0], key[1], words.byteOffset);
    expect([...words]).toEqual(block);
  });

  it("equal TypeScript's Philox to the bit", () => {
    const random = createRandom(1, "data");
    const expected = new Uint32Array(4);
    for (let i = 0; i < 2000; i++) {
      const [c0, c1, c2, c3, k0, k1] = Array.from({ length: 6 }, () => random.uint32());
      philox(Uint32Array.of(c0, c1, c2, c3), Uint32Array.of(k0, k1), expected);
      kernels.philox(c0, c1, c2, c3, k0, k1, words.byteOffset);
      expect([...words]).toEqual([...expected]);
    }
  });

  it.each([1, 2, 3, 5, 16, 17, 150, 1025, 65_537, 2 ** 31 + 1, 2 ** 32 - 1])(
    "equal TypeScript's order of %i examples to the bit",
    (n) => {
      for (const [epoch, seed] of [
        [0, 0],
        [1, -7],
        [4_000_000_000, 2 ** 40 + 5],
      ] as const) {
        const [low, high] = keyOf(seed);
        kernels.permutationKeys(epoch, low, high, words.byteOffset);
        const permute = createPermutation(n, epoch, seed);
        for (let i = 0; i < Math.min(n, 500); i++) {
          const index = n - 1 - i;
          expect(kernels.permute(index, n, words.byteOffset) >>> 0).toBe(permute(index));
        }
      }
    },
  );
});
