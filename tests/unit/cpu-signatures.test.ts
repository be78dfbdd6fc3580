import { describe, expect, it } from "vitest";
import { kernelSources, withKernelsExported } from "../../scripts/assemblyscript.ts";
import * as activations from "../../src/engine/activations/index.ts";
import type { Kernel } from "../../src/engine/graph/kernel.ts";
import * as optimizers from "../../src/engine/optimizers/index.ts";
import { type ElementwiseOptimizer, isElementwise, type Optimizer } from "../../src/engine/optimizers/optimizer.ts";
import { engineKernels as kernels } from "../fixtures/engineKernels.ts";

const sources: Readonly<Record<string, string>> = import.meta.glob("../../src/devices/cpu/kernels/**/*.ts", {
  query: "?raw",
  import: "default",
  eager: true,
});
const source = Object.values(sources).join("\n");

const elementwise: readonly ElementwiseOptimizer[] = (Object.values(optimizers) as readonly Optimizer[]).filter(
  isElementwise,
);

/** "name: type" of each field of a struct's body, in their order. */
const fieldsIn = (body: string): readonly string[] =>
  [...body.matchAll(/^\s*(\w+): (\w+)[;,]/gm)].map(([, name, type]) => `${name}: ${type}`);

/** The fields of an AssemblyScript class; throws unless there is exactly one of that name. */
function classFields(name: string): readonly string[] {
  const found = [...source.matchAll(new RegExp(`@unmanaged\\s+(?:export )?class ${name} \\{([^}]*)\\}`, "g"))];
  if (found.length !== 1) throw new Error(`${name}: got ${found.length} unmanaged classes, expected one.`);
  return fieldsIn(found[0]?.[1] ?? "");
}

/** The class that a kernel's function takes as its argument block. */
function argumentClass(kernel: string): string {
  const signature = new RegExp(`export function ${kernel}\\(args: (\\w+), _?part: u32, _?parts: u32\\): void`);
  const name = source.match(signature)?.[1];
  if (name === undefined) throw new Error(`${kernel}: got no function (args, part, parts), expected one in kernels/.`);
  return name;
}

const signatureOf = ({ activation, bindings, constants }: Kernel): readonly string[] => [
  "replica: u32",
  ...(activation === undefined ? [] : ["activation: u32"]),
  ...Object.keys(bindings).map((name) => `${name}: usize`),
  ...constants.map((name) => `${name}: u32`),
];

const entry = withKernelsExported(await kernelSources())["index.ts"];

describe("the CPU kernels", () => {
  it("are as many as the engine's kernels, of which there are 18 or more", () => {
    const taking = [...source.matchAll(/export function (\w+)\(args: \w+, _?part: u32/g)].map(([, name]) => name);
    expect(taking.sort()).toEqual(kernels.map(({ name }) => name).sort());
    expect(kernels.length).toBeGreaterThanOrEqual(18);
  });

  it.each(kernels.map((kernel) => [kernel.name, kernel] as const))(
    "read %s's argument block in the order of its definition",
    (name, kernel) => {
      expect(classFields(argumentClass(name))).toEqual(signatureOf(kernel));
    },
  );

  it.each([
    ...kernels.map(({ name }) => name),
    ...Object.keys(activations).flatMap((kind) => [`${kind}Forward`, `${kind}Backward`]),
  ])("export %s", (name) => {
    expect(entry).toMatch(new RegExp(`^export \\{[^}]*\\b${name}\\b[^}]*\\} from`, "m"));
  });
});

describe("an optimizer's scalars", () => {
  it.each(elementwise.map((optimizer) => [optimizer.kernel.name, optimizer] as const))(
    "have one order in %s's definition, its AssemblyScript class and its WGSL struct",
    (name, { scalars, kernel }) => {
      const expected = Object.keys(scalars).map((scalar) => `${scalar}: f32`);
      const struct = kernel.wgsl.match(/struct Scalars \{([^}]*)\}/)?.[1] ?? "";
      expect(classFields(`${argumentClass(name)}Scalars`)).toEqual(expected);
      expect(fieldsIn(struct)).toEqual(expected);
    },
  );
});
