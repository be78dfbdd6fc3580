import bf16 from "#shaders/common/bits-bf16.wgsl?raw";
import f16 from "#shaders/common/bits-f16.wgsl?raw";
import math from "#shaders/common/math.wgsl?raw";
import half from "#shaders/common/storage-half.wgsl?raw";
import plain from "#shaders/common/storage-plain.wgsl?raw";
import rounding from "#shaders/common/storage-rounding.wgsl?raw";
import * as activations from "../../engine/activations/index.ts";
import type { Kernel, Pass, Variant } from "../../engine/graph/kernel.ts";
import { link } from "../../engine/graph/link.ts";
import type { Call } from "../../engine/graph/program.ts";
import { type Format, isHalf, replicaStride } from "../../engine/graph/tensor.ts";
import { memberOf } from "../../lib/registry.ts";
import { packed } from "./packing.ts";

/** What a pass of a call becomes: complete WGSL, and values for the `override` constants that it declares. */
export interface LinkedKernel {
  readonly name: string;
  readonly code: string;
  readonly entry: string;
  readonly constants: Readonly<Record<string, number>>;
  /** Binding number of each of the kernel's tensors that this pass uses. */
  readonly bindings: ReadonlyMap<string, number>;
}

/** The binding through which one pass of a variant hands values to the next; the kernel's signature does not have it. */
export const SCRATCH = "scratch";

/** A kernel's plain implementation, in the form of the others. */
export const plainVariant = ({ wgsl, entry, workgroup, invocations, variants }: Kernel): Variant => ({
  name: "plain",
  wgsl,
  tile: variants?.plain ?? { rows: 1, columns: 1, shared: "invocation" },
  passes: [{ entry, workgroup, invocations }],
  needs: [],
  fits: () => true,
});

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

/** The format of 16 bits in which a call's weights, activations and gradients lie in memory; none where it is float32. */
export const formatOf = ({ bindings }: Call): Format | undefined =>
  Object.values(bindings)
    .map(({ type }) => type)
    .find(isHalf);

/** How a number becomes 16 bits, and these a number. */
const bitsOf: Readonly<Record<Format, string>> = { f16, bf16 };

/**
 * A module that leaves open how numbers are stored is linked with the way that the call's tensors are: float16 as such
 * where the device can, other numbers of 16 bits two in a word.
 */
function withStorage(wgsl: string, format: Format | undefined, hasHalf: boolean): string {
  if (!/\bStored(Four)?\b/.test(wgsl)) return wgsl;
  if (format === undefined) return link(wgsl, plain);
  const bits = [bitsOf[format], ...(wgsl.includes(rounding) ? [] : [rounding])];
  return format === "f16" && hasHalf ? link("enable f16;", wgsl, half, ...bits) : link(packed(wgsl), plain, ...bits);
}

/** What linking depends on besides the call: how many replicas there are, and whether the device has `shader-f16`. */
export interface LinkOptions {
  readonly replicas: number;
  readonly hasHalf: boolean;
}

/** Links the passes of a call's variant and fills in constants, workgroup and strides. Throws where a name is missing. */
export function linkCall(call: Call, variant: Variant, { replicas, hasHalf }: LinkOptions): readonly LinkedKernel[] {
  const { kernel, constants, activation } = call;
  const code = withStorage(withActivation(variant.wgsl, activation), formatOf(call), hasHalf);
  const declared = bindingsOf(code);
  const overrides = overridesOf(code);
  const scratch = variant.scratch?.(constants) ?? 0;
  const names = [...Object.keys(kernel.bindings), ...(scratch > 0 ? [SCRATCH] : [])];
  const numbers = names.map((name): [string, number] => {
    const number = declared.get(name);
    if (number === undefined) {
      throw new Error(
        `${kernel.name}: got no binding "${name}" in its WGSL, expected one. It declares ${[...declared.keys()]}.`,
      );
    }
    return [name, number];
  });
  const strides = { ...stridesOf(call, replicas), scratchStride: replicas === 1 ? 0 : scratch };
  return variant.passes.map(({ entry, workgroup, bindings }: Pass) => {
    const values = { ...constants, workgroupX: workgroup[0], workgroupY: workgroup[1], ...strides };
    return {
      name: kernel.name,
      code,
      entry,
      constants: Object.fromEntries(Object.entries(values).filter(([name]) => overrides.has(name))),
      bindings: new Map(numbers.filter(([name]) => bindings?.includes(name) ?? true)),
    };
  });
}

const stridesOf = ({ bindings }: Call, replicas: number): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(bindings).map(([name, tensor]) => [`${name}Stride`, replicas === 1 ? 0 : replicaStride(tensor)]),
  );
