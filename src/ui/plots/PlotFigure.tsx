import { type Accessor, createEffect, createMemo, createSignal, For, lazy, onCleanup, onMount, Show } from "solid-js";
import type { FileKind } from "../export/index.ts";
import { usePlayground } from "../playground.ts";
import { Status } from "../Status.tsx";
import { PlotMenu } from "./PlotMenu.tsx";
import type { Plot } from "./plot.ts";
import type { PlotView } from "./plotView.ts";
import { Surface } from "./Surface.tsx";
import { type Shown, showPlot } from "./shown.ts";
import type { PlotSource } from "./source.ts";
import { UPlot } from "./UPlot.tsx";
import { readingAt, readingsOf, spokenAt, summaryOf } from "./values.ts";

const PlotTable = lazy(() => import("./PlotTable.tsx"));

export interface PlotFigureProps {
  readonly plot: Plot;
  readonly source: PlotSource;
  readonly view: PlotView;
  readonly runName: string;
  /** Grows when the plot should be drawn again. */
  readonly version: Accessor<number>;
}

/** Points per line in files: as many as a picture of their size can show. */
const filePoints = 512;

/** A figure over the whole screen, or over the whole page where a browser cannot do that. */
function createFullScreen(figure: () => HTMLElement | undefined) {
  const [isFull, setFull] = createSignal(false);
  const follow = () => setFull(document.fullscreenElement !== null && document.fullscreenElement === figure());
  const leave = (event: KeyboardEvent) => {
    if (event.key === "Escape" && document.fullscreenElement === null) setFull(false);
  };
  onMount(() => {
    document.addEventListener("fullscreenchange", follow);
    document.addEventListener("keydown", leave);
  });
  onCleanup(() => {
    document.removeEventListener("fullscreenchange", follow);
    document.removeEventListener("keydown", leave);
  });
  const toggle = async () => {
    if (!isFull())
      await figure()
        ?.requestFullscreen?.()
        .catch(() => setFull(true));
    else if (document.fullscreenElement !== null) await document.exitFullscreen();
    else setFull(false);
  };
  return { isFull, toggle };
}

/** One plot: its name and readings, the chart, and what one can do with it. */
export function PlotFigure(props: PlotFigureProps) {
  const { trainer, store } = usePlayground();
  let figure: HTMLElement | undefined;
  const [drawn, setDrawn] = createSignal<Shown>();
  const [hasTable, setTable] = createSignal(false);
  const [inView, setInView] = createSignal(false);
  const full = createFullScreen(() => figure);
  const main = () => props.plot.weight > 1;

  const shown = (points: number): Shown => {
    props.version();
    return showPlot(props.plot, props.source, { settings: props.view.settings(), zoom: props.view.zoom(), points });
  };
  createEffect(() => {
    if (props.plot.isMeasured !== true || !inView()) return;
    trainer.measure(true);
    onCleanup(() => trainer.measure(false));
  });
  const isEmpty = () => drawn()?.picture.lines.every(({ x }) => x.length === 0) ?? false;
  const step = () => props.view.cursor()?.step;
  const readings = createMemo(() => readingsOf(props.plot, props.source));
  const spoken = (at: number) => {
    const { axis, xAt } = drawn() ?? shown(1);
    return spokenAt(props.plot, props.source, at, axis.describe(xAt(at)));
  };
  const file = () => ({
    ...{ plot: props.plot, source: props.source, shown: shown(filePoints) },
    ...{ config: store.config(), device: trainer.summary()?.device.label, runName: props.runName, date: new Date() },
  });
  const exporting = async (act: (files: typeof import("../export/index.ts")) => Promise<void>) => {
    try {
      await act(await import("../export/index.ts"));
    } catch (error) {
      trainer.report("page", `${props.plot.label}: ${error instanceof Error ? error.message : error}`);
    }
  };
  const save = (kind: FileKind) => exporting((files) => files.saveFile(kind, file()));
  const copy = (kind: "png" | "csv") => exporting((files) => files.copyFile(kind, file()));
  return (
    <figure
      ref={figure}
      class="plot"
      classList={{ full: full.isFull(), small: !main() }}
      aria-label={props.plot.label}
      style={{ "flex-grow": props.plot.weight }}
    >
      <header>
        <h3>{props.plot.label}</h3>
        <For each={readings()}>
          {(reading) => (
            <span class="reading-of">
              <Show when={main() && reading.token}>
                {(token) => <i class="swatch" style={{ "border-color": `var(${token()})` }} />}
              </Show>
              <Show when={reading.label}>{(label) => <>{label()} </>}</Show>
              <Status
                name={reading.name}
                value={reading.format(readingAt(reading, props.source, trainer.readings(), step()))}
                class={reading.token === "--ball" ? "of-ball" : ""}
              />
            </span>
          )}
        </For>
        <PlotMenu
          label={props.plot.label}
          isFull={full.isFull()}
          onFull={full.toggle}
          onTable={() => setTable(true)}
          onSave={save}
          onCopy={copy}
        />
      </header>
      <div class="canvas">
        <UPlot main={main()} shown={shown} onDrawn={setDrawn} onView={setInView} />
        <Show
          when={isEmpty()}
          fallback={
            <Show when={drawn()}>
              {(now) => (
                <Surface label={props.plot.label} main={main()} view={props.view} shown={now()} spoken={spoken} />
              )}
            </Show>
          }
        >
          <p class="empty-plot">{props.plot.empty}</p>
        </Show>
      </div>
      <figcaption class="sr">{summaryOf(props.plot, props.source, trainer.readings())}</figcaption>
      <Show when={hasTable()}>
        <PlotTable plot={props.plot} source={props.source} onClose={() => setTable(false)} />
      </Show>
    </figure>
  );
}
