import { For, lazy, Show } from "solid-js";
import { formatCount, formatMeasure, formatSetting } from "../lib/format.ts";
import type { MoveReport } from "../session/moveReport.ts";
import { Icon } from "./Icon.tsx";
import { usePlayground } from "./playground.ts";
import "./styles/moves.css";

/** Only those who take single moves see it. */
const MoveNetwork = lazy(() => import("./MoveNetwork.tsx"));

interface Move {
  readonly move: MoveReport["move"];
  readonly name: string;
  readonly formula: string;
  readonly value: () => string;
  readonly unit: string;
}

/** One training step in four moves, each with what it works on or gives; of a single move, what it gave. */
export function Moves() {
  const { store, trainer, stepMove, missingFile } = usePlayground();
  const shapes = () => {
    const summary = trainer.summary();
    if (summary === undefined) return formatMeasure(undefined);
    const rows = formatCount(Math.min(store.config().compute.batchSize, summary.counts.train));
    const outputs = summary.targetNames.length;
    return `${rows} × ${formatCount(summary.featureNames.length)} → ${rows} × ${formatCount(outputs)}`;
  };
  const { loss, gradNorm, learningRate } = {
    loss: () => formatMeasure(trainer.readings().loss),
    gradNorm: () => formatMeasure(trainer.readings().gradNorm),
    learningRate: () => formatSetting(trainer.readings().learningRate),
  };
  const moves: readonly Move[] = [
    { move: "forward", name: "Forward", formula: "ŷ = f(x; θ)", value: shapes, unit: "" },
    { move: "loss", name: "Loss", formula: "L = mean ℓ(ŷ, y)", value: loss, unit: "batch" },
    { move: "backward", name: "Backward", formula: "g = ∂L / ∂θ", value: gradNorm, unit: "norm" },
    { move: "update", name: "Update", formula: "θ ← θ − η u(g)", value: learningRate, unit: "learning rate" },
  ];
  const given = (move: Move["move"]) => {
    const report = trainer.moved();
    return report?.move === move ? report : undefined;
  };
  return (
    <div class="step-moves">
      <button type="button" class="btn one-move" disabled={missingFile() !== undefined} onClick={stepMove}>
        <Icon glyph="move" />
        One move
      </button>
      <Show when={trainer.moved()}>{(report) => <MoveNetwork report={report()} />}</Show>
      <ol class="moves" aria-label="The four moves of a step">
        <For each={moves}>
          {(move) => (
            <li class="move" aria-current={given(move.move) === undefined ? undefined : "step"}>
              <svg class="notch" viewBox="0 0 8 64" preserveAspectRatio="none" aria-hidden="true">
                <path d="M0,0L7,32L0,64" vector-effect="non-scaling-stroke" />
              </svg>
              <h3>{move.name}</h3>
              <span class="math">{move.formula}</span>
              <span class="live">
                <Show when={given(move.move)?.numbers[0]} fallback={<Live value={move.value()} unit={move.unit} />}>
                  {(number) => <Live value={formatMeasure(number().value)} unit={number().name} />}
                </Show>
              </span>
            </li>
          )}
        </For>
      </ol>
    </div>
  );
}

function Live(props: { readonly value: string; readonly unit: string }) {
  return (
    <>
      <b>{props.value}</b> <span class="dim3">{props.unit}</span>
    </>
  );
}
