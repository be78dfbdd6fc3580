import { createMemo, For, Show } from "solid-js";
import type { Hyperparameters as Descriptions, Values } from "../../lib/hyperparameters.ts";
import type { RunConfig } from "../../session/config.ts";
import { computeFields, fieldsOf, modelFields, placeOfRegistry, registries } from "../../session/fields.ts";
import { Hyperparameters } from "../controls/Hyperparameters.tsx";
import { usePlayground } from "../playground.ts";
import { valueAt, withValue } from "../runs/differences.ts";

type RegistryName = keyof typeof registries;

const plainFields: Readonly<Record<string, Descriptions>> = { model: modelFields, compute: computeFields };

/** The settings that stand at a place of a configuration. */
function fieldsAt(config: RunConfig, place: readonly string[]): Descriptions {
  const names = Object.keys(registries) as readonly RegistryName[];
  const name = names.find((each) => placeOfRegistry[each].join(".") === place.join("."));
  if (name === undefined) return plainFields[place.join(".")] ?? {};
  return fieldsOf(registries[name], String(valueAt(config, [...place, "kind"])));
}

/** A setting of a locked ingredient that is free all the same; nothing where the run has no such setting. */
function FreeControl(props: { readonly path: string }) {
  const { store } = usePlayground();
  const place = () => props.path.split(".").slice(0, -1);
  const name = () => props.path.split(".").at(-1) ?? "";
  const kind = createMemo(() => valueAt(store.config(), [...place(), "kind"]));
  const description = createMemo(() => {
    kind();
    return Object.entries(fieldsAt(store.config(), place())).find(([field]) => field === name())?.[1];
  });
  const at = (config: RunConfig): Values => {
    const part = valueAt(config, place());
    return typeof part === "object" && part !== null ? { ...part } : {};
  };
  return (
    <Show when={description()}>
      {(known) => (
        <Hyperparameters
          descriptions={{ [name()]: known() }}
          values={at(store.config())}
          baseline={at(store.baseline())}
          onChange={(values) => store.change(withValue(store.config(), props.path.split("."), values[name()]))}
        />
      )}
    </Show>
  );
}

/** The settings that a link leaves free where it locks the rest. */
export default function FreeControls(props: { readonly paths: readonly string[] }) {
  return (
    <div class="free">
      <For each={props.paths}>{(path) => <FreeControl path={path} />}</For>
    </div>
  );
}
