import { For } from "solid-js";
import { formatCount, formatMeasure, formatSetting } from "../lib/format.ts";
import { usePlayground } from "./playground.ts";
import "./styles/moves.css";

interface Move {
  readonly name: string;
  readonly formula: string;
  readonly value: () => string;
  readonly unit: string;
}

/** One training step in four moves, each with what it works on or gives. */
export function Moves() {
  const { store, trainer } = usePlayground();
  const shapes = () => {
    const summary = trainer.summary();
    if (summary === undefined) return formatMeasure(undefined);
    const rows = formatCount(Math.min(store.config().compute.batchSize, summary.counts.train));
    const outputs = summary.targetNames.length;
    return `${rows} × ${formatCount(summary.featureNames.length)} → ${rows} × ${formatCount(outputs)}`;
  };
  const moves: readonly Move[] = [
    { name: "Forward", formula: "ŷ = f(x; θ)", value: shapes, unit: "" },
    { name: "Loss", formula: "L = mean ℓ(ŷ, y)", value: () => formatMeasure(trainer.readings().loss), unit: "batch" },
    { name: "Backward", formula: "g = ∂L / ∂θ", value: () => formatMeasure(trainer.readings().gradNorm), unit: "norm" },
    {
      name: "Update",
      formula: "θ ← θ − η u(g)",
      value: () => formatSetting(trainer.readings().learningRate),
      unit: "learning rate",
    },
  ];
  return (
    <ol class="moves" aria-label="The four moves of a step">
      <For each={moves}>
        {(move) => (
          <li class="move">
            <svg class="notch" viewBox="0 0 8 64" preserveAspectRatio="none" aria-hidden="true">
              <path d="M0,0L7,32L0,64" vector-effect="non-scaling-stroke" />
            </svg>
            <h3>{move.name}</h3>
            <span class="math">{move.formula}</span>
            <span class="live">
              <b>{move.value()}</b> <span class="dim3">{move.unit}</span>
            </span>
          </li>
        )}
      </For>
    </ol>
  );
}
