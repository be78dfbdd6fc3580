import type { Variant } from "../../engine/graph/kernel.ts";
import type { Call } from "../../engine/graph/program.ts";
import { replicaStride } from "../../engine/graph/tensor.ts";
import type { PlanBuffers } from "./buffers.ts";
import { shortlist, softwareVariant } from "./choose.ts";
import type { Dispatch } from "./dispatch.ts";
import { plainVariant, storesHalf } from "./linker.ts";
import { agree, fillInputs, measure, sampleOutputs } from "./trial.ts";
import type { TuningStore } from "./tuningStore.ts";

/** What a chooser may try variants with: the plan's memory, which holds nothing yet, and dispatches on it. */
export interface Trial {
  readonly buffers: PlanBuffers;
  dispatchesOf(call: Call, variant: Variant): Promise<readonly Dispatch[]>;
}

/** Decides which variant of its kernel each call takes. */
export interface Chooser {
  choose(calls: readonly Call[], trial: Trial): Promise<ReadonlyMap<Call, Variant>>;
}

/** Chooses by the call alone, without measuring: the plain variants, or those for a GPU in software. */
export const fixedChooser = (variantOf: (call: Call) => Variant): Chooser => ({
  choose: async (calls) => new Map(calls.map((call) => [call, variantOf(call)])),
});

/** The plain variant of everything: results do not depend on what was measured. */
export const plainChooser: Chooser = fixedChooser(({ kernel }) => plainVariant(kernel));

export const softwareChooser = (features: ReadonlySet<string>): Chooser =>
  fixedChooser((call) => softwareVariant(call, features));

/** Milliseconds that measuring may take for one plan, however many shapes it has. */
const BUDGET_MS = 1000;
/** Changes whenever kernels change, so that what was measured with old ones is forgotten. */
const KERNELS_VERSION = 2;

/** Calls of one class take the same variant: sizes to the nearest power of two, and whether they are multiples of 4. */
export function classOf(call: Call): string {
  const { kernel, constants, activation, bindings } = call;
  const { rows = 0, columns = 0, depth = 0 } = kernel.variants?.product(constants) ?? {};
  const sizes = [rows, columns, depth].map((size) => `${Math.round(Math.log2(size))}${size % 4 === 0 ? "v" : ""}`);
  const isReplicated = Object.values(bindings).some((tensor) => replicaStride(tensor) > 0);
  const storage = [...(isReplicated ? ["replicas"] : []), ...(storesHalf(call) ? ["f16"] : [])].join(" ");
  return [kernel.name, activation ?? "", ...sizes, storage].join(" ");
}

/**
 * Measures the variants that the model of their time expects to be good, on the plan's own memory, and remembers the
 * fastest. A variant whose results differ from the plain one's is never taken.
 */
export class TunedChooser implements Chooser {
  readonly #device: GPUDevice;
  readonly #store: TuningStore;
  readonly #adapter: string;

  /** `adapter` names vendor, architecture and driver. */
  constructor(device: GPUDevice, { store, adapter }: { store: TuningStore; adapter: string }) {
    this.#device = device;
    this.#store = store;
    this.#adapter = adapter;
  }

  async choose(calls: readonly Call[], trial: Trial): Promise<ReadonlyMap<Call, Variant>> {
    const end = performance.now() + BUDGET_MS;
    const byClass = new Map<string, Variant>();
    const chosen = new Map<Call, Variant>();
    for (const call of calls) {
      const key = classOf(call);
      const candidates = shortlist(call, this.#device.features);
      const known = byClass.get(key);
      const variant =
        candidates.find(({ name }) => name === known?.name) ??
        (await this.#best(call, { key, candidates, trial, end }));
      byClass.set(key, variant);
      chosen.set(call, variant);
    }
    return chosen;
  }

  async #best(
    call: Call,
    { key, candidates, trial, end }: { key: string; candidates: readonly Variant[]; trial: Trial; end: number },
  ): Promise<Variant> {
    const plain = plainVariant(call.kernel);
    if (candidates.length < 2) return candidates[0] ?? plain;
    const fullKey = `${this.#adapter} | ${KERNELS_VERSION} | ${key}`;
    const remembered = await this.#store.get(fullKey);
    const known = candidates.find(({ name }) => name === remembered);
    if (known !== undefined) return known;
    if (performance.now() >= end) return plain;
    const best = await this.#measured(call, { candidates, trial, end });
    await this.#store.set(fullKey, best.name);
    return best;
  }

  async #measured(
    call: Call,
    { candidates, trial, end }: { candidates: readonly Variant[]; trial: Trial; end: number },
  ): Promise<Variant> {
    const device = this.#device;
    const plain = plainVariant(call.kernel);
    const others = candidates.filter(({ name }) => name !== plain.name);
    const compiled = await Promise.allSettled(others.map((variant) => trial.dispatchesOf(call, variant)));
    const plainDispatches = await trial.dispatchesOf(call, plain);
    fillInputs(device, call, trial.buffers);
    const expected = await sampleOutputs(device, { call, buffers: trial.buffers, dispatches: plainDispatches });
    let best = { variant: plain, time: await measure(device, plainDispatches) };
    for (const [index, variant] of others.entries()) {
      const result = compiled[index];
      // A driver that does not compile a variant loses nothing but this variant.
      if (result?.status !== "fulfilled" || performance.now() >= end) continue;
      const got = await sampleOutputs(device, { call, buffers: trial.buffers, dispatches: result.value });
      if (!agree(expected, got, storesHalf(call))) continue;
      const time = await measure(device, result.value);
      if (time < best.time) best = { variant, time };
    }
    trial.buffers.clear();
    return best.variant;
  }
}
