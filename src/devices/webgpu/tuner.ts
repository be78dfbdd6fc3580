import type { Variant } from "../../engine/graph/kernel.ts";
import type { Call } from "../../engine/graph/program.ts";
import { replicaStride } from "../../engine/graph/tensor.ts";
import type { PlanBuffers } from "./buffers.ts";
import { shortlist, softwareVariant } from "./choose.ts";
import type { Dispatch } from "./dispatch.ts";
import { formatOf, plainVariant } from "./linker.ts";
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
  const storage = [...(isReplicated ? ["replicas"] : []), formatOf(call) ?? ""].filter((word) => word !== "").join(" ");
  return [kernel.name, activation ?? "", ...sizes, storage].join(" ");
}

export interface TunerOptions {
  readonly store: TuningStore;
  /** Vendor, architecture and driver. */
  readonly adapter: string;
  /** Milliseconds of measuring for one plan; a second if left out. */
  readonly budget?: number;
}

/** Milliseconds that are left for measuring; compiling does not count. */
interface Budget {
  left: number;
}

interface Contest {
  readonly candidates: readonly Variant[];
  readonly trial: Trial;
  readonly budget: Budget;
}

/**
 * Measures the variants that the model of their time expects to be good, on the plan's own memory, and remembers the
 * fastest. A variant whose results differ from the plain one's is never taken.
 */
export class TunedChooser implements Chooser {
  readonly #device: GPUDevice;
  readonly #store: TuningStore;
  readonly #adapter: string;
  readonly #budget: number;

  constructor(device: GPUDevice, { store, adapter, budget = BUDGET_MS }: TunerOptions) {
    this.#device = device;
    this.#store = store;
    this.#adapter = adapter;
    this.#budget = budget;
  }

  async choose(calls: readonly Call[], trial: Trial): Promise<ReadonlyMap<Call, Variant>> {
    const budget: Budget = { left: this.#budget };
    const byClass = new Map<string, Variant>();
    const chosen = new Map<Call, Variant>();
    for (const call of calls) {
      const key = classOf(call);
      const candidates = shortlist(call, this.#device.features);
      const known = byClass.get(key);
      const variant =
        candidates.find(({ name }) => name === known?.name) ??
        (await this.#best(call, { key, candidates, trial, budget }));
      byClass.set(key, variant);
      chosen.set(call, variant);
    }
    return chosen;
  }

  async #best(call: Call, { key, ...contest }: Contest & { readonly key: string }): Promise<Variant> {
    const plain = plainVariant(call.kernel);
    const { candidates, budget } = contest;
    if (candidates.length < 2) return candidates[0] ?? plain;
    const fullKey = `${this.#adapter} | ${KERNELS_VERSION} | ${key}`;
    const remembered = await this.#store.get(fullKey);
    const known = candidates.find(({ name }) => name === remembered);
    if (known !== undefined) return known;
    if (budget.left <= 0) return plain;
    const { best, isWhole } = await this.#measured(call, contest);
    // What was not measured to its end is measured again for the next plan
    if (isWhole) await this.#store.set(fullKey, best.name);
    return best;
  }

  async #measured(call: Call, { candidates, trial, budget }: Contest): Promise<{ best: Variant; isWhole: boolean }> {
    const device = this.#device;
    const plain = plainVariant(call.kernel);
    const others = candidates.filter(({ name }) => name !== plain.name);
    const compiled = await Promise.allSettled(others.map((variant) => trial.dispatchesOf(call, variant)));
    const plainDispatches = await trial.dispatchesOf(call, plain);
    const end = performance.now() + budget.left;
    fillInputs(device, call, trial.buffers);
    const expected = await sampleOutputs(device, { call, buffers: trial.buffers, dispatches: plainDispatches });
    let best = { variant: plain, time: await measure(device, plainDispatches) };
    let isWhole = true;
    for (const [index, variant] of others.entries()) {
      const result = compiled[index];
      // A driver that does not compile a variant loses nothing but this variant.
      if (result?.status !== "fulfilled") continue;
      if (performance.now() >= end) {
        isWhole = false;
        break;
      }
      const got = await sampleOutputs(device, { call, buffers: trial.buffers, dispatches: result.value });
      if (!agree(expected, got, formatOf(call))) continue;
      const time = await measure(device, result.value);
      if (time < best.time) best = { variant, time };
    }
    // The first to run has woken the GPU for the others
    if (best.variant !== plain && (await measure(device, plainDispatches)) <= best.time)
      best = { variant: plain, time: 0 };
    trial.buffers.clear();
    budget.left = end - performance.now();
    return { best: best.variant, isWhole };
  }
}
