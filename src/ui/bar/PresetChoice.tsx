import { createMemo } from "solid-js";
import { presets } from "../../session/presets.ts";
import { sameData } from "../configStore.ts";
import { optionsOf, Select } from "../controls/Choice.tsx";
import { usePlayground } from "../playground.ts";

const own = "own";

/** Ready-made runs. A run that was changed is the user's own. */
export function PresetChoice() {
  const { store } = usePlayground();
  const current = createMemo(
    () => Object.entries(presets).find(([, preset]) => sameData(preset.config, store.config()))?.[0] ?? own,
  );
  const options = () => [
    ...(current() === own ? [{ value: own, label: "My own settings" }] : []),
    ...optionsOf(presets),
  ];
  const choose = (name: string) => {
    const preset = Object.hasOwn(presets, name) ? presets[name] : undefined;
    if (preset !== undefined) store.load(preset.config);
  };
  return (
    <span class="preset" title={Object.hasOwn(presets, current()) ? presets[current()]?.description : undefined}>
      <Select aria-label="Preset" options={options()} value={current()} onChange={choose} />
    </span>
  );
}
