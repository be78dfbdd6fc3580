import { createMemo, For, Show } from "solid-js";
import type { RunConfig } from "../../session/config.ts";
import { guessingLoss } from "../../session/guess.ts";
import type { Broke } from "../../session/nonFinite.ts";
import { clips, scalesLoss } from "../../session/runControls.ts";
import { Icon } from "../Icon.tsx";
import { type Playground, usePlayground } from "../playground.ts";
import "../styles/plots.css";
import * as registry from "./index.ts";
import { PlotBar } from "./PlotBar.tsx";
import { PlotFigure } from "./PlotFigure.tsx";
import type { Plot } from "./plot.ts";
import { createPlotView } from "./plotView.ts";
import { lastStepOf } from "./shown.ts";
import { clockOf, type Marker, type PlotSource } from "./source.ts";

const inOrder: readonly Plot[] = Object.values(registry).toSorted((a, b) => a.order - b.order);
const mainPlots = inOrder.filter(({ weight }) => weight > 1);
/** Small plots that are always in view. */
const firstSmall = 4;

/** The norm that clipping leaves a gradient, where it clips by norm. */
function clipNormOf({ optimizer: { clipping } }: RunConfig): number | undefined {
  return "maxNorm" in clipping ? clipping.maxNorm : undefined;
}

/** Where the curves end, as their numbers do. */
const stopsOf = (broke: Broke | undefined): readonly Marker[] =>
  broke === undefined ? [] : [{ step: broke.step, label: "not finite", kind: "stop" }];

function createSource({ trainer, store, overlays }: Playground) {
  const { history } = trainer;
  return createMemo((): PlotSource => {
    const { compute, loss } = store.config();
    const { batchSize, accumulation } = compute;
    const examples = trainer.summary()?.counts.train ?? batchSize;
    return {
      history,
      scalesLoss: scalesLoss(compute),
      guess: guessingLoss(trainer.summary()?.targetSpread ?? {}, loss.kind) || undefined,
      clock: clockOf({ examples, batchSize, accumulation }, history),
      clips: clips(store.config()),
      clipNorm: clipNormOf(store.config()),
      liveBytes: trainer.liveBytes(),
      overlays: overlays(),
      markers: [...store.markers(), ...stopsOf(trainer.broke())],
    };
  });
}

/**
 * The version that a plot draws: the newest one when nothing trains. While it trains, the plots of a group take turns,
 * one for each new version, so that no frame draws them all.
 */
function createTurn({ trainer }: Playground, turn: number, turns: number) {
  return createMemo<number>((before) => {
    const version = trainer.version();
    return !trainer.playing() || version % turns === turn ? version : before;
  }, 0);
}

/** Every plot of the registry: the large ones, the first four small ones, and the others when asked for. */
export function Plots() {
  const playground = usePlayground();
  const { trainer, store, task, runs } = playground;
  const view = createPlotView();
  const source = createSource(playground);
  const small = createMemo(() =>
    inOrder.filter(({ weight, applies }) => weight === 1 && (applies?.(task(), source()) ?? true)),
  );
  const lastStep = () => {
    trainer.version();
    return lastStepOf(source());
  };
  const name = () => runs()?.front()?.name ?? `${store.config().data.kind}-${store.config().model.seed}`;
  const figure = (plot: Plot, turn: number, turns: number) => (
    <PlotFigure
      plot={plot}
      source={source()}
      view={view}
      runName={name()}
      version={createTurn(playground, turn, turns)}
    />
  );
  return (
    <section class="plots" aria-label="Plots">
      <PlotBar view={view} lastStep={lastStep} />
      <div class="plotlist">
        <For each={mainPlots}>{(plot) => figure(plot, 0, 1)}</For>
        <div class="smalls">
          <For each={small().slice(0, firstSmall)}>{(plot, index) => figure(plot, index(), firstSmall)}</For>
        </div>
        <details
          class="more-plots"
          open={view.settings().more}
          onToggle={(event) => view.set({ more: event.currentTarget.open })}
        >
          <summary>
            More plots <Icon glyph="chevron" class="chev" />
          </summary>
          <Show when={view.settings().more}>
            <div class="smalls">
              <For each={small().slice(firstSmall)}>
                {(plot, index) => figure(plot, index() % firstSmall, firstSmall)}
              </For>
            </div>
          </Show>
        </details>
      </div>
    </section>
  );
}
