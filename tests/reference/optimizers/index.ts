import type { OptimizerDefinition } from "./update.ts";

type Modules = Readonly<Record<string, { readonly definition?: OptimizerDefinition }>>;

const modules = import.meta.glob(["./*.ts", "!./index.ts"], { eager: true }) as Modules;

/** The optimizers' definitions, each the `definition` of the file with the optimizer's name. */
export const definitions: Readonly<Record<string, OptimizerDefinition>> = Object.fromEntries(
  Object.entries(modules).flatMap(([path, { definition }]) => {
    const name = path.match(/([\w-]+)\.ts$/)?.[1] ?? path;
    return definition === undefined ? [] : [[name, definition]];
  }),
);
