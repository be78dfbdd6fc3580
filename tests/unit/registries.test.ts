import { describe, expect, it } from "vitest";
import * as datasets from "../../src/data/index.ts";
import * as activations from "../../src/engine/activations/index.ts";
import * as clippings from "../../src/engine/clipping/index.ts";
import * as initializers from "../../src/engine/initializers/index.ts";
import * as losses from "../../src/engine/losses/index.ts";
import * as optimizers from "../../src/engine/optimizers/index.ts";
import * as schedules from "../../src/engine/schedules/index.ts";
import * as referenceActivations from "../reference/activations/index.ts";
import { kernels as referenceKernels } from "../reference/index.ts";
import { definitions as referenceOptimizers } from "../reference/optimizers/index.ts";

type Modules = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const modules = import.meta.glob(["../../src/engine/*/*.ts", "../../src/data/*.ts"], { eager: true }) as Modules;
const implementations = new Set(
  Object.keys(
    import.meta.glob(["../../shaders/*/*.wgsl", "../../src/devices/cpu/kernels/*/*.ts", "../reference/*/*.ts"], {
      query: "?raw",
    }),
  ),
);

/** A member of a registry has a label and, unlike a hyperparameter, no kind of its own. */
const isMember = (value: unknown): value is object =>
  typeof value === "object" && value !== null && "label" in value && !("kind" in value);

/** The members that the files of a folder define, by file name. The registry itself only passes them on. */
function membersIn(folder: string): ReadonlyMap<string, object> {
  const found = new Map<string, object>();
  for (const [path, module] of Object.entries(modules)) {
    const [, name] = path.match(new RegExp(`^\\.\\./\\.\\./src/${folder}/([^/]+)\\.ts$`)) ?? [];
    const member = Object.values(module).find(isMember);
    if (name !== undefined && name !== "index" && member !== undefined) found.set(name, member);
  }
  return found;
}

describe.each([
  { folder: "engine/activations", registry: activations },
  { folder: "engine/losses", registry: losses },
  { folder: "engine/optimizers", registry: optimizers },
  { folder: "engine/initializers", registry: initializers },
  { folder: "engine/schedules", registry: schedules },
  { folder: "engine/clipping", registry: clippings },
  { folder: "data", registry: datasets },
])("the registry $folder", ({ folder, registry }) => {
  it("has every definition of its folder, under the name of its file, and nothing else", () => {
    const members = membersIn(folder);
    expect(members.size).toBeGreaterThan(0);
    expect(Object.keys(registry).toSorted()).toEqual([...members.keys()].toSorted());
    for (const [name, member] of members)
      expect(Object.entries(registry).find(([key]) => key === name)?.[1]).toBe(member);
  });
});

describe.each(
  Object.entries({ activations, losses, optimizers }).flatMap(([folder, registry]) =>
    Object.keys(registry).map((name) => ({ folder, name })),
  ),
)("$folder/$name", ({ folder, name }) => {
  it.each([
    `../../shaders/${folder}/${name}.wgsl`,
    `../../src/devices/cpu/kernels/${folder}/${name}.ts`,
    `../reference/${folder}/${name}.ts`,
  ])("has an implementation in %s", (path) => {
    expect([...implementations]).toContain(path);
  });
});

describe("the reference", () => {
  it("has the kernel of every loss and optimizer, every activation, and every optimizer's definition", () => {
    const lossKernels = Object.values(losses).map(({ kernel }) => kernel.name);
    const updates = Object.values(optimizers).flatMap(({ kernels }) => kernels.map(({ name }) => name));
    expect(Object.keys(referenceKernels)).toEqual(expect.arrayContaining([...lossKernels, ...updates]));
    expect(Object.keys(referenceActivations).toSorted()).toEqual(Object.keys(activations).toSorted());
    expect(Object.keys(referenceOptimizers).toSorted()).toEqual(Object.keys(optimizers).toSorted());
  });
});
