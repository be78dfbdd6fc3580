import math from "#shaders/common/math.wgsl?raw";
import * as activations from "../../engine/activations/index.ts";
import { link } from "../../engine/graph/link.ts";
import type { Call } from "../../engine/graph/program.ts";
import { replicaStride } from "../../engine/graph/tensor.ts";
import { memberOf } from "../../lib/registry.ts";

/** What a call becomes for WebGPU: complete WGSL, and values for the `override` constants that it declares. */
export interface LinkedKernel {
  readonly name: string;
  readonly code: string;
  readonly entry: string;
  readonly constants: Readonly<Record<string, number>>;
  /** Binding number of each of the kernel's tensors. */
  readonly bindings: ReadonlyMap<string, number>;
}

/** The number of every binding that a module declares in group 0, by name. */
export function bindingsOf(wgsl: string): ReadonlyMap<string, number> {
  const declaration = /@group\(0\)\s*@binding\((\d+)\)\s*var\s*<[^>]*>\s*(\w+)/g;
  return new Map([...wgsl.matchAll(declaration)].map(([, number, name]) => [name ?? "", Number(number)]));
}

/** The names of a module's `override` constants. */
export const overridesOf = (wgsl: string): ReadonlySet<string> =>
  new Set([...wgsl.matchAll(/^override\s+(\w+)/gm)].map(([, name]) => name ?? ""));

/** A module that applies activations is linked with the call's; one that applies none in this entry, with the identity. */
function withActivation(wgsl: string, activation = "identity"): string {
  return /\bactivate(Grad)?\(/.test(wgsl) ? link(wgsl, memberOf(activations, activation).wgsl, math) : wgsl;
}

/** Links a call's modules and fills in its constants, workgroup and replica strides. Throws where a name is missing. */
export function linkCall({ kernel, bindings, constants, activation }: Call, replicas: number): LinkedKernel {
  const code = withActivation(kernel.wgsl, activation);
  const declared = bindingsOf(code);
  const overrides = overridesOf(code);
  const numbers = Object.keys(kernel.bindings).map((name): [string, number] => {
    const number = declared.get(name);
    if (number === undefined) {
      throw new Error(
        `${kernel.name}: got no binding "${name}" in its WGSL, expected one. It declares ${[...declared.keys()]}.`,
      );
    }
    return [name, number];
  });
  const strides = Object.entries(bindings).map(([name, tensor]): [string, number] => [
    `${name}Stride`,
    replicas === 1 ? 0 : replicaStride(tensor),
  ]);
  const [workgroupX, workgroupY] = kernel.workgroup;
  const values = { ...constants, workgroupX, workgroupY, ...Object.fromEntries(strides) };
  const used = Object.entries(values).filter(([name]) => overrides.has(name));
  return {
    name: kernel.name,
    code,
    entry: kernel.entry,
    constants: Object.fromEntries(used),
    bindings: new Map(numbers),
  };
}
