import { type Move, moves } from "../engine/graph/program.ts";
import type { Run } from "./run.ts";
import type { MoveValues, NamedValues } from "./runMoves.ts";

/** A number with its name, as the page shows it. */
export interface NamedNumber {
  readonly name: string;
  readonly value: number;
}

/** A number of a whole layer, and that of each of its units. */
export interface LayerNumber extends NamedNumber {
  readonly units: readonly number[];
}

/** What one move of a step gave. */
export interface MoveReport {
  readonly move: Move;
  /** Counted from 1. */
  readonly step: number;
  /** Of all layers together. */
  readonly numbers: readonly NamedNumber[];
  /** What the numbers of the layers are. */
  readonly unit: string;
  /** From the first layer on. */
  readonly layers: readonly LayerNumber[];
}

/** The move after another one; the first after the last. */
export const moveAfter = (move: Move | undefined): Move =>
  moves[(move === undefined ? 0 : moves.indexOf(move) + 1) % moves.length] ?? "forward";

const sumOf = (values: Float32Array, of = (value: number) => value): number =>
  values.reduce((sum, value) => sum + of(value), 0);
const squares = (values: Float32Array): number => sumOf(values, (value) => value * value);
const normOf = (tensors: readonly NamedValues[]): number =>
  Math.sqrt(tensors.reduce((sum, { values }) => sum + squares(values), 0));
const meanOf = (values: Float32Array): number => sumOf(values) / values.length;

const layerOf = (name: string): number => Number(/^layers\.(\d+)\./.exec(name)?.[1] ?? 0);

/** Root of the sum of squares over what belongs to one unit: each of `parts` has so many values per unit. */
function unitNorms(parts: readonly { readonly values: Float32Array; readonly unitOf: (index: number) => number }[]) {
  const sums: number[] = [];
  for (const { values, unitOf } of parts) {
    for (const [index, value] of values.entries()) sums[unitOf(index)] = (sums[unitOf(index)] ?? 0) + value * value;
  }
  return sums.map(Math.sqrt);
}

/** Of the outputs of a layer, (rows, width): the root of their mean square, of all and of each unit. */
function outputsOf({ name, values }: NamedValues, width: number): LayerNumber {
  const rows = values.length / width;
  const units = unitNorms([{ values, unitOf: (index) => index % width }]).map((norm) => norm / Math.sqrt(rows));
  return { name: `layer ${layerOf(name) + 1}`, value: Math.sqrt(squares(values) / values.length), units };
}

/** Of tensors that belong to parameters, from the first layer on: the norms of each layer and of each unit's weights. */
function normsByLayer(tensors: readonly NamedValues[], widths: readonly number[]): LayerNumber[] {
  return widths.map((width, layer) => {
    const own = tensors.filter(({ name }) => layerOf(name) === layer);
    const parts = own.map(({ values }) => ({
      values,
      unitOf: (index: number) => Math.floor((index * width) / values.length),
    }));
    return { name: `layer ${layer + 1}`, value: normOf(own), units: unitNorms(parts) };
  });
}

type Shown = Pick<MoveReport, "numbers" | "unit" | "layers">;

/** @param widths units of each layer. */
type Reporter = (tensors: readonly NamedValues[], widths: readonly number[]) => Shown;

const reports: Readonly<Record<Move, Reporter>> = {
  forward(tensors, widths) {
    const outputs = tensors.at(-1)?.values ?? new Float32Array();
    return {
      numbers: [
        { name: "lowest output", value: outputs.reduce((low, value) => Math.min(low, value), Infinity) },
        { name: "highest output", value: outputs.reduce((high, value) => Math.max(high, value), -Infinity) },
      ],
      unit: "root mean square of the outputs",
      layers: tensors.map((tensor) => outputsOf(tensor, widths[layerOf(tensor.name)] ?? 1)),
    };
  },
  loss([loss, hits]) {
    const losses = loss?.values ?? new Float32Array();
    return {
      numbers: [
        { name: "mean loss", value: meanOf(losses) },
        { name: "largest loss", value: losses.reduce((high, value) => Math.max(high, value), 0) },
        { name: "right answers", value: sumOf(hits?.values ?? losses) },
        { name: "examples", value: losses.length },
      ],
      unit: "",
      layers: [],
    };
  },
  backward: (tensors, widths) => ({
    numbers: [{ name: "gradient norm", value: normOf(tensors) }],
    unit: "gradient norm",
    layers: normsByLayer(tensors, widths),
  }),
  update: (tensors, widths) => ({
    numbers: [{ name: "size of the update", value: normOf(tensors) }],
    unit: "norm of the change of the weights",
    layers: normsByLayer(tensors, widths),
  }),
};

/** @param widths units of each layer, from the first on. */
export const reportOf = ({ move, step, tensors }: MoveValues, widths: readonly number[]): MoveReport => ({
  move,
  step,
  ...reports[move](tensors, widths),
});

/** What a step changes, found by comparing the weights before and after `take`. */
export async function updateOf(run: Run, take: () => Promise<void>): Promise<MoveValues> {
  const before = await run.readParameters();
  await take();
  const after = await run.readParameters();
  const tensors = [...after].map(([name, { values }]) => {
    const old = before.get(name)?.values ?? values;
    return { name, values: values.map((value, index) => value - (old[index] ?? 0)) };
  });
  return { move: "update", step: run.step, tensors };
}
