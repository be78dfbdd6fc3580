import type { Definition, Values } from "../lib/hyperparameters.ts";

/** A member of a registry as generic controls see it, or nothing where the name is not one: a menu also has others. */
export function definitionIn<D extends Definition>(registry: Readonly<Record<string, D>>, kind: string): D | undefined {
  return Object.hasOwn(registry, kind) ? registry[kind] : undefined;
}

/** The hyperparameters of a choice, without the word that names it. */
export function valuesOf({ kind: _, ...values }: { readonly kind: string }): Values {
  return values;
}

/** What the baseline says about the hyperparameters of `choice`: nothing when it chose another kind. */
export function baselineOf(baseline: { readonly kind: string }, choice: { readonly kind: string }): Values | undefined {
  return baseline.kind === choice.kind ? valuesOf(baseline) : undefined;
}
