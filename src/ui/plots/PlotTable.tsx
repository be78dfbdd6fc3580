import { For, onMount } from "solid-js";
import { formatCount } from "../../lib/format.ts";
import { Icon } from "../Icon.tsx";
import type { Plot } from "./plot.ts";
import type { PlotSource } from "./source.ts";
import { readingsOf, tableOf } from "./values.ts";

const mostRows = 200;

/** The values of a plot at up to 200 steps, as they are when it opens. */
export default function PlotTable(props: {
  readonly plot: Plot;
  readonly source: PlotSource;
  readonly onClose: () => void;
}) {
  let dialog: HTMLDialogElement | undefined;
  const table = tableOf(props.plot, props.source, mostRows);
  const formats = readingsOf(props.plot, props.source).map(({ format }) => format);
  onMount(() => dialog?.showModal());
  return (
    <dialog ref={dialog} class="plot-table" aria-label={`${props.plot.label}, values`} onClose={() => props.onClose()}>
      <header>
        <h2>{props.plot.label}</h2>
        <button type="button" class="btn ico" aria-label="Close" onClick={() => dialog?.close()}>
          <Icon glyph="close" />
        </button>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section class="scroller" tabIndex={0} aria-label="Rows">
        <table>
          <thead>
            <tr>
              <th scope="col">Step</th>
              <For each={table.names}>{(name) => <th scope="col">{name}</th>}</For>
            </tr>
          </thead>
          <tbody>
            <For each={table.rows}>
              {({ step, values }) => (
                <tr>
                  <th scope="row">{formatCount(step)}</th>
                  <For each={values}>{(value, index) => <td>{formats[index()]?.(value)}</td>}</For>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </section>
    </dialog>
  );
}
