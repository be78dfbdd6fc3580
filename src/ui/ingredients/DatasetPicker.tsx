import { createMemo, For } from "solid-js";
import { datasets } from "../../session/config.ts";
import { registries } from "../../session/fields.ts";
import { withKind } from "../configStore.ts";
import { Choice, type Option, optionsOf } from "../controls/Choice.tsx";
import { definitionIn } from "../definition.ts";
import { usePlayground } from "../playground.ts";
import { fileDataOf } from "../table.ts";
import { type AnyDataset, Thumbnail } from "./Thumbnail.tsx";

/** Generated data sets as a menu and as pictures, and the file where one is open. */
export function DatasetPicker() {
  const { store, trainer, chooseData } = usePlayground();
  const data = () => store.config().data;
  const fileName = createMemo(() => {
    const current = data();
    return current.kind === "file" ? current.path : trainer.table()?.name;
  });
  const options = createMemo((): readonly Option[] => {
    const name = fileName();
    return [...optionsOf(datasets), ...(name === undefined ? [] : [{ value: "file", label: name }])];
  });
  const choose = (kind: string) => {
    const table = trainer.table();
    if (definitionIn(datasets, kind) !== undefined) chooseData(withKind(registries.data, data(), kind));
    else if (table !== undefined) chooseData({ ...fileDataOf(table, data()) });
  };
  return (
    <>
      <fieldset class="picks" aria-label="Data sets">
        <For each={Object.entries(datasets)}>
          {([kind, dataset]) => (
            <button
              type="button"
              class="pick"
              aria-pressed={data().kind === kind}
              title={`${dataset.label}: ${dataset.description}`}
              onClick={() => choose(kind)}
            >
              <Thumbnail dataset={dataset as AnyDataset} />
              <span class="sr">{dataset.label} data</span>
            </button>
          )}
        </For>
      </fieldset>
      <Choice label="Dataset" options={options()} value={data().kind} onChange={choose} />
    </>
  );
}
