import * as activations from "../../src/engine/activations/index.ts";
import {
  linearBackwardInput,
  linearBackwardWeight,
  linearForward,
  linearForwardSaving,
} from "../../src/engine/layers/linear.ts";
import { createRandom, type Random } from "../../src/lib/random.ts";
import * as references from "../reference/activations/index.ts";
import { kernels } from "../reference/index.ts";
import type { Bindings, ReferenceKernel } from "../reference/kernel.ts";
import type { KernelCase, Operand, Replica } from "./harness.ts";
import type { LinearSizes } from "./sizes.ts";
import { composedBound, functionBound, sumBound } from "./tolerances.ts";

export type ActivationKind = keyof typeof activations;
export const activationKinds = Object.keys(activations) as readonly ActivationKind[];

/** Normal numbers, as float32; each replica has its own. */
export function normals(seed: number, shape: readonly number[]): Operand {
  const length = shape.reduce((product, size) => product * size, 1);
  const values = (replica: number) => {
    const random: Random = createRandom(seed, "data", replica);
    return Float32Array.from({ length }, () => random.normal());
  };
  return { shape, values };
}

/** The sums of the absolute values of all products: the kernel itself, without its activation, on absolute values. */
function absoluteSums(kernel: ReferenceKernel, before: Bindings, constants: KernelCase["constants"]): Bindings {
  const bindings = Object.fromEntries(Object.entries(before).map(([name, values]) => [name, values.map(Math.abs)]));
  kernel({ bindings, constants, activation: references.identity, replica: 0 });
  return bindings;
}

const sizesText = ({ B, I, O }: LinearSizes) => `B ${B}, I ${I}, O ${O}`;

export interface LinearOptions extends LinearSizes {
  readonly seed: number;
  readonly activation: ActivationKind;
}

/** output = activate(input weight^T + bias); `isSaving` keeps the pre-activation too. */
export function forwardCase({ seed, activation, ...sizes }: LinearOptions, isSaving: boolean): KernelCase {
  const { B, I, O } = sizes;
  const { activate } = references[activation];
  const operands = {
    input: normals(seed, [B, I]),
    weight: normals(seed + 1, [O, I]),
    bias: normals(seed + 2, [O]),
    ...(isSaving ? { preactivation: { shape: [B, O] } } : {}),
    output: { shape: [B, O] },
  };
  const bounds = ({ before }: Replica) => {
    const sums = absoluteSums(kernels.linearForward, before, sizes).output;
    const exact = { ...before, output: new Float64Array(B * O) };
    kernels.linearForward({ bindings: exact, constants: sizes, activation: references.identity, replica: 0 });
    const preactivation = sums.map((sum) => sumBound(I, sum));
    return { preactivation, output: exact.output.map((z, index) => composedBound(activate, z, preactivation[index])) };
  };
  const kernel = isSaving ? linearForwardSaving : linearForward;
  return { title: `${activation}, ${sizesText(sizes)}`, kernel, constants: { ...sizes }, activation, operands, bounds };
}

/** inputGrad = (outputGrad weight) * activateGrad(saved), stored or added. */
export function backwardInputCase({ seed, activation, ...sizes }: LinearOptions, accumulate: 0 | 1): KernelCase {
  const { B, I, O } = sizes;
  const { activate, activateGrad } = references[activation];
  const preactivations = normals(seed, [B, I]).values ?? (() => []);
  const saved = (replica: number) =>
    Float32Array.from(preactivations(replica), (x) => (activations[activation].saves === "input" ? x : activate(x)));
  const operands = {
    outputGrad: normals(seed + 1, [B, O]),
    weight: normals(seed + 2, [O, I]),
    saved: { shape: [B, I], values: saved },
    inputGrad: accumulate === 1 ? normals(seed + 3, [B, I]) : { shape: [B, I] },
  };
  const constants = { ...sizes, accumulate };
  const bounds = ({ before, after }: Replica) => {
    const sums = absoluteSums(kernels.linearBackwardInput, before, { ...sizes, accumulate: 0 }).inputGrad;
    const inputGrad = sums.map((sum, index) => {
      const s = before.saved[index];
      const existing = accumulate === 1 ? Math.abs(before.inputGrad[index]) : 0;
      const throughFactor = sumBound(O, sum) * (Math.abs(activateGrad(s)) + functionBound(activateGrad, s));
      return (
        throughFactor + sum * functionBound(activateGrad, s) + sumBound(1, existing + Math.abs(after.inputGrad[index]))
      );
    });
    return { inputGrad };
  };
  const title = `${activation}, ${sizesText(sizes)}, accumulate ${accumulate}`;
  return { title, kernel: linearBackwardInput, constants, activation, operands, bounds };
}

/** weightGrad = outputGrad^T input and biasGrad = column sums of outputGrad, in one arena, stored or added. */
export function backwardWeightCase(
  { seed, ...sizes }: LinearSizes & { readonly seed: number },
  accumulate: 0 | 1,
): KernelCase {
  const { B, I, O } = sizes;
  const gap = 64;
  const weightAt = gap;
  const biasAt = weightAt + O * I + gap;
  const P = biasAt + O + gap;
  const gradients = accumulate === 1 ? normals(seed + 2, [P]) : { shape: [P] };
  const operands = { outputGrad: normals(seed, [B, O]), input: normals(seed + 1, [B, I]), gradients };
  const constants = { ...sizes, weightAt, biasAt, accumulate };
  const bounds = ({ before }: Replica) => {
    const sums = absoluteSums(kernels.linearBackwardWeight, before, constants).gradients;
    const isWritten = (p: number) => (p >= weightAt && p < weightAt + O * I) || (p >= biasAt && p < biasAt + O);
    return { gradients: sums.map((sum, p) => (isWritten(p) ? sumBound(B, sum) : 0)) };
  };
  const title = `${sizesText(sizes)}, accumulate ${accumulate}`;
  return { title, kernel: linearBackwardWeight, constants, operands, bounds };
}
