import { For, lazy, Show } from "solid-js";
import { formatPercent, formatSetting } from "../../lib/format.ts";
import { type DataConfig, datasets } from "../../session/config.ts";
import { dataFields } from "../../session/fields.ts";
import { Hyperparameters } from "../controls/Hyperparameters.tsx";
import { NumberControl } from "../controls/NumberControl.tsx";
import { baselineOf, definitionIn, valuesOf } from "../definition.ts";
import { usePlayground } from "../playground.ts";
import { isFileData } from "../table.ts";
import { Card, More } from "./Card.tsx";
import { DatasetPicker } from "./DatasetPicker.tsx";
import { OpenFile } from "./OpenFile.tsx";
import { SeedControl } from "./SeedControl.tsx";

/** Only who opens a file needs it. */
const FileContent = lazy(() => import("./FileContent.tsx"));

/** Both shares together are at most the whole: raising one takes from the other, once the test split is used up. */
function withShare(data: DataConfig, name: "train" | "validation", value: number): DataConfig {
  const other = name === "train" ? "validation" : "train";
  const room = Number((1 - value).toFixed(6));
  return { ...data, [name]: value, [other]: Math.max(dataFields[other].min, Math.min(data[other], room)) };
}

const noises = { labelNoise: dataFields.labelNoise, inputNoise: dataFields.inputNoise };

/** What the run learns from, and how it is split. */
export function DataCard() {
  const { store, trainer, table, task, chooseData } = usePlayground();
  const data = () => store.config().data;
  const base = () => store.baseline().data;
  const definition = () => definitionIn(datasets, data().kind);
  const fileData = () => {
    const current = data();
    return isFileData(current) ? current : undefined;
  };
  const split = () => {
    const { train, validation, seed } = data();
    const shares = [train, validation, 1 - train - validation].map((share) => Math.round(share * 100));
    return `${shares.join(" / ")}, seed ${seed}`;
  };
  const noise = () => {
    const { labelNoise, inputNoise } = data();
    const labels = task() === "regression" ? `${formatSetting(labelNoise)} σ` : formatPercent(labelNoise);
    const parts = [
      ...(labelNoise === 0 ? [] : [`labels ${labels}`]),
      ...(inputNoise === 0 ? [] : [`inputs ${formatSetting(inputNoise)}`]),
    ];
    return parts.join(", ") || "none";
  };
  const summary = () => definition()?.label ?? fileData()?.path ?? "";
  return (
    <Card number={1} title="Data" summary={summary()}>
      <DatasetPicker />
      <Show when={definition()}>
        {(dataset) => (
          <Hyperparameters
            descriptions={dataset().hyperparameters}
            values={valuesOf(data())}
            baseline={baselineOf(base(), data())}
            onChange={(values) => chooseData({ ...data(), ...values })}
          />
        )}
      </Show>
      <Show when={fileData()}>
        {(file) => <Show when={table()}>{(open) => <FileContent table={open()} data={file()} />}</Show>}
      </Show>
      <More label="Split and seed" summary={split()}>
        <NumberControl
          parameter={dataFields.train}
          value={data().train}
          baseline={base().train}
          onChange={(train) => chooseData({ ...withShare(data(), "train", train) })}
        />
        <NumberControl
          parameter={dataFields.validation}
          value={data().validation}
          baseline={base().validation}
          onChange={(validation) => chooseData({ ...withShare(data(), "validation", validation) })}
        />
        <SeedControl
          parameter={{ ...dataFields.seed, label: "Data seed" }}
          draw="Draw other examples"
          value={data().seed}
          onChange={(seed) => chooseData({ ...data(), seed })}
        />
      </More>
      <More label="Added noise" summary={noise()}>
        <Hyperparameters
          descriptions={noises}
          values={valuesOf(data())}
          baseline={{ labelNoise: base().labelNoise, inputNoise: base().inputNoise }}
          onChange={(values) => chooseData({ ...data(), ...values })}
        />
      </More>
      <OpenFile />
      <For each={trainer.summary()?.dataNotes}>{(note) => <p class="note">{note}</p>}</For>
    </Card>
  );
}
