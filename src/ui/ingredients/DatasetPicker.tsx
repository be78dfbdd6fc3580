import { createMemo, For } from "solid-js";
import { datasets } from "../../session/config.ts";
import { registries } from "../../session/fields.ts";
import { sameData, withKind } from "../configStore.ts";
import { Choice, type Option, optionsOf } from "../controls/Choice.tsx";
import { definitionIn } from "../definition.ts";
import { usePlayground } from "../playground.ts";
import { fileDataOf, isFileData } from "../table.ts";
import { type AnyDataset, Thumbnail } from "./Thumbnail.tsx";

/** A file in the menu; no data set's kind looks like it. */
const optionOf = (name: string): Option => ({ value: `file: ${name}`, label: name });

/** Generated data sets as a menu and as pictures, and the files that are open. */
export function DatasetPicker() {
  const { store, trainer, missingFile, chooseData } = usePlayground();
  const data = () => store.config().data;
  const names = createMemo(
    () => {
      const missing = missingFile();
      return [...trainer.tables().map(({ name }) => name), ...(missing === undefined ? [] : [missing])];
    },
    undefined,
    { equals: sameData },
  );
  const options = createMemo(() => [...optionsOf(datasets), ...names().map(optionOf)]);
  const chosen = () => {
    const current = data();
    return isFileData(current) ? optionOf(current.path).value : current.kind;
  };
  const choose = (value: string) => {
    const table = trainer.tables().find(({ name }) => optionOf(name).value === value);
    if (table !== undefined) chooseData(fileDataOf(table, data()));
    else if (definitionIn(datasets, value) !== undefined) chooseData(withKind(registries.data, data(), value));
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
      <Choice label="Dataset" options={options()} value={chosen()} onChange={choose} />
    </>
  );
}
