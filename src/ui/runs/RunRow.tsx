import { createMemo, For, Show } from "solid-js";
import { formatCount, formatMeasure, formatPercent } from "../../lib/format.ts";
import { Icon } from "../Icon.tsx";
import { useTable } from "./context.ts";
import { differences } from "./differences.ts";
import { RunDetails } from "./RunDetails.tsx";
import type { RunRecord } from "./record.ts";
import { Sparkline } from "./Sparkline.tsx";

/** Columns of the table, for what goes across. */
export const columns = 12;

export const secondsText = (seconds: number): string =>
  seconds < 100 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;

/** Hue and dash of a run's curve. Number 1 is the run on screen. */
export function Swatch(props: { readonly series: number }) {
  return (
    <svg class="line" width="26" height="10" viewBox="0 0 26 10" aria-hidden="true">
      <path
        d="M1,5H25"
        style={{ stroke: `var(--series-${props.series})`, "stroke-dasharray": `var(--dash-${props.series})` }}
      />
    </svg>
  );
}

/** What a run's settings have other than those of the run that the table compares with. */
function Differences(props: { readonly run: RunRecord }) {
  const { runs, base } = useTable();
  const found = createMemo(() => {
    const config = base();
    return config === undefined ? [] : differences(config, props.run.config);
  });
  const isBase = () => runs.compared()?.id === props.run.id;
  return (
    <Show when={!isBase()} fallback={<i>the others are compared with it</i>}>
      <For each={found()} fallback={<i>the same settings</i>}>
        {({ label, before, after }, index) => (
          <>
            {index() > 0 ? ", " : ""}
            <i>{label}</i> {before} → {after}
          </>
        )}
      </For>
    </Show>
  );
}

interface EyeProps {
  readonly name: string;
  readonly shown: boolean;
  readonly onToggle: () => void;
}

/** Puts a curve into the plots or takes it out. */
export function Eye(props: EyeProps) {
  return (
    <button
      type="button"
      class="eye"
      aria-pressed={props.shown}
      aria-label={`Show ${props.name} in the plots`}
      onClick={() => props.onToggle()}
    >
      <Icon glyph={props.shown ? "eye" : "eyeOff"} />
    </button>
  );
}

function RunActions(props: { readonly run: RunRecord; readonly isFront: boolean }) {
  const { runs, open, setOpen } = useTable();
  const isOpen = () => open() === props.run.id;
  return (
    <div>
      <button
        type="button"
        class="eye wide"
        aria-pressed={props.run.starred}
        aria-label={`Star ${props.run.name}`}
        onClick={() => runs.change(props.run.id, { starred: !props.run.starred })}
      >
        <Icon glyph="star" />
      </button>
      <button
        type="button"
        class="eye wide"
        aria-pressed={props.run.pinned}
        aria-label={`Pin ${props.run.name}`}
        onClick={() => runs.change(props.run.id, { pinned: !props.run.pinned })}
      >
        <Icon glyph="pin" />
      </button>
      <button
        type="button"
        class="eye"
        disabled={props.isFront}
        aria-label={`Delete ${props.run.name}`}
        title={props.isFront ? "The run on screen is kept when another takes its place." : undefined}
        onClick={() => runs.remove([props.run.id])}
      >
        <Icon glyph="trash" />
      </button>
      <button
        type="button"
        class="eye more"
        aria-expanded={isOpen()}
        aria-label={`More about ${props.run.name}`}
        onClick={() => setOpen(isOpen() ? undefined : props.run.id)}
      >
        <Icon glyph="chevron" />
      </button>
    </div>
  );
}

/** One run. */
export function RunRow(props: { readonly run: RunRecord; readonly inGroup: boolean }) {
  const { runs, lowest, open } = useTable();
  const isFront = createMemo(() => runs.front()?.id === props.run.id);
  const shown = createMemo(() => runs.isShown(props.run.id));
  return (
    <>
      <tr classList={{ now: isFront(), off: !shown(), member: props.inGroup }}>
        <td>
          <Show when={!isFront()}>
            <Eye
              name={props.run.name}
              shown={shown()}
              onToggle={() => runs.change(props.run.id, { shown: !shown() })}
            />
          </Show>
        </td>
        <td>
          <Swatch series={isFront() ? 1 : props.run.series} />
        </td>
        <th scope="row" class="name">
          <input
            aria-label={`Name of ${props.run.name}`}
            value={props.run.name}
            maxlength="60"
            spellcheck={false}
            onChange={(event) => runs.change(props.run.id, { name: event.currentTarget.value })}
          />
          <small class="diff">
            <Differences run={props.run} />
          </small>
        </th>
        <td class="diff">
          <Differences run={props.run} />
        </td>
        <td>
          <Sparkline run={props.run} />
        </td>
        <td class="r" classList={{ best: props.run.best !== null && props.run.best.loss === lowest() }}>
          {formatMeasure(props.run.best?.loss)}
        </td>
        <td class="r dim">{formatCount(props.run.best?.step)}</td>
        <td class="r">{formatPercent(props.run.best?.accuracy ?? undefined)}</td>
        <td class="r">{formatCount(props.run.steps)}</td>
        <td class="r">{secondsText(props.run.seconds)}</td>
        <td class="dim device-of" title={props.run.device}>
          {props.run.device.split(" · ")[0]}
        </td>
        <td class="acts">
          <RunActions run={props.run} isFront={isFront()} />
        </td>
      </tr>
      <Show when={open() === props.run.id}>
        <tr class="details">
          <td colspan={columns}>
            <RunDetails run={props.run} isFront={isFront()} />
          </td>
        </tr>
      </Show>
    </>
  );
}
