import { createMemo, For, Show } from "solid-js";
import { formatCount, formatMeasure, formatPercent } from "../../lib/format.ts";
import { Icon } from "../Icon.tsx";
import { useTable } from "./context.ts";
import { differences } from "./differences.ts";
import { RunDetails } from "./RunDetails.tsx";
import type { RunRecord } from "./record.ts";
import { Sparkline } from "./Sparkline.tsx";
import { lookOf } from "./seriesLook.ts";
import { secondsText } from "./wording.ts";

/** Columns of the table, for what goes across. */
const columns = 12;

/** Hue and dash of a run's curve, or of a group's band. Number 1 is the run on screen. */
export function Swatch(props: { readonly series: number; readonly band?: boolean }) {
  return (
    <svg class="line" width="26" height="10" viewBox="0 0 26 10" aria-hidden="true">
      <Show when={props.band}>
        <rect width="26" height="10" style={{ fill: `var(--series-${props.series})` }} />
      </Show>
      <path d="M1,5H25" style={lookOf(props.series)} />
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
  const aboutBase = () => (runs.others().length === 0 ? "no other run yet" : "the others are compared with it");
  return (
    <Show when={!isBase()} fallback={<i>{aboutBase()}</i>}>
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
        class="eye wide"
        disabled={props.isFront}
        aria-label={`Delete ${props.run.name}`}
        title={props.isFront ? "The run on screen is kept when another takes its place." : undefined}
        onClick={() => runs.remove([props.run.id])}
      >
        <Icon glyph="trash" />
      </button>
      <button
        type="button"
        class="eye turns"
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
        <td class="show">
          <Show when={!isFront()}>
            <Eye
              name={props.run.name}
              shown={shown()}
              onToggle={() => runs.change(props.run.id, { shown: !shown() })}
            />
          </Show>
        </td>
        <td class="line-of">
          <Show when={isFront() || !props.inGroup}>
            <Swatch series={isFront() ? 1 : props.run.series} />
          </Show>
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
        <td class="curve">
          <Sparkline run={props.run} />
        </td>
        <td class="r" classList={{ best: props.run.best !== null && props.run.best.loss === lowest() }}>
          {formatMeasure(props.run.best?.loss)}
        </td>
        <td class="r more dim">{formatCount(props.run.best?.step)}</td>
        <td class="r accuracy">{formatPercent(props.run.best?.accuracy ?? undefined)}</td>
        <td class="r more">{formatCount(props.run.steps)}</td>
        <td class="r more">{secondsText(props.run.seconds)}</td>
        <td class="more dim device-of" title={props.run.device}>
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
