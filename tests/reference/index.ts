import type { ReferenceKernel } from "./kernel.ts";

type Modules = Readonly<Record<string, Readonly<Record<string, ReferenceKernel>>>>;

const modules = import.meta.glob(["./{common,layers,losses,optimizers,precision,probes}/*.ts", "!**/index.ts"], {
  eager: true,
}) as Modules;

/** Throws where two files have a function of one name: a kernel would not be the one that was meant. */
function byName(): Readonly<Record<string, ReferenceKernel>> {
  const found = new Map<string, ReferenceKernel>();
  for (const [path, module] of Object.entries(modules)) {
    for (const [name, value] of Object.entries(module)) {
      if (typeof value !== "function" || name === "definition") continue;
      if (found.has(name))
        throw new Error(`${path}: got a second function ${name}, expected one. Give it another name.`);
      found.set(name, value);
    }
  }
  return Object.fromEntries(found);
}

/**
 * The reference's kernels, by the names that they have in the engine. What else the files export is here too, and no
 * call asks for it; the optimizers' definitions are in `optimizers/index.ts`.
 */
export const kernels: Readonly<Record<string, ReferenceKernel>> = byName();
