import { createMemo, For, type JSX, Show } from "solid-js";
import { type Preset, presetGroups, presets } from "../../session/presets/index.ts";
import { currentPreset } from "../currentPreset.ts";
import { usePlayground } from "../playground.ts";
import { Popover } from "../plots/Popover.tsx";
import "../styles/presets.css";

const own = "own";

/** What a preset is for, what to try with it, and where to go from there. */
function About(props: { readonly preset: Preset; readonly choose: (name: string) => void }) {
  return (
    <div class="about">
      <p>{props.preset.purpose}</p>
      <dl>
        <dt>Try</dt>
        <dd>{props.preset.try}</dd>
        <dt>Result</dt>
        <dd>{props.preset.result.text}</dd>
      </dl>
      <Show when={(props.preset.next ?? []).length > 0}>
        <div class="menu">
          <For each={props.preset.next}>
            {(name) => (
              <button type="button" class="btn bare" onClick={() => props.choose(name)}>
                {presets[name]?.label}
              </button>
            )}
          </For>
        </div>
      </Show>
    </div>
  );
}

/** Ready-made runs, by theme. A run that was changed is the user's own. */
export function PresetChoice() {
  const { store, trainer, play } = usePlayground();
  const current = createMemo(() => currentPreset(store.config()) ?? own);
  const preset = () => (Object.hasOwn(presets, current()) ? presets[current()] : undefined);
  const choose = (name: string) => {
    const chosen = Object.hasOwn(presets, name) ? presets[name] : undefined;
    if (chosen === undefined) return;
    const isLost = trainer.broke() !== undefined;
    store.load(chosen.config);
    // A run that broke was not paused by the user.
    if (isLost) play();
  };
  const onChange: JSX.ChangeEventHandler<HTMLSelectElement, Event> = (event) => {
    const chosen = event.currentTarget.value;
    // A choice that is refused leaves the menu as it was.
    event.currentTarget.value = current();
    choose(chosen);
  };
  return (
    <span class="preset">
      <select aria-label="Preset" title={preset()?.purpose} onChange={onChange}>
        <Show when={current() === own}>
          <option value={own} selected>
            My own settings
          </option>
        </Show>
        <For each={presetGroups}>
          {(group) => (
            <optgroup label={group.label}>
              <For each={Object.entries(group.presets)}>
                {([name, { label }]) => (
                  <option value={name} selected={name === current()}>
                    {label}
                  </option>
                )}
              </For>
            </optgroup>
          )}
        </For>
      </select>
      <Show when={preset()}>
        {(chosen) => (
          <Popover label="About this preset" glyph="information">
            {(close) => (
              <About
                preset={chosen()}
                choose={(name) => {
                  close();
                  choose(name);
                }}
              />
            )}
          </Popover>
        )}
      </Show>
    </span>
  );
}
