import { type Move, moves } from "../engine/graph/program.ts";
import type { Run } from "./run.ts";
import type { MoveValues, NamedValues } from "./runMoves.ts";

/** A number with its name, as the page shows it. */
export interface NamedNumber {
  readonly name: string;
  readonly value: number;
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
  readonly layers: readonly NamedNumber[];
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

/** One number for the tensors of each layer, from the first layer on. */
function byLayer(tensors: readonly NamedValues[], of: (tensors: readonly NamedValues[]) => number): NamedNumber[] {
  const layers = [...new Set(tensors.map(({ name }) => layerOf(name)))].sort((a, b) => a - b);
  return layers.map((layer) => ({
    name: `layer ${layer + 1}`,
    value: of(tensors.filter(({ name }) => layerOf(name) === layer)),
  }));
}

type Shown = Pick<MoveReport, "numbers" | "unit" | "layers">;

const reports: Readonly<Record<Move, (tensors: readonly NamedValues[]) => Shown>> = {
  forward(tensors) {
    const outputs = tensors.at(-1)?.values ?? new Float32Array();
    const size = ([first]: readonly NamedValues[]) =>
      Math.sqrt(squares(first?.values ?? outputs) / (first?.values.length ?? 1));
    return {
      numbers: [
        { name: "lowest output", value: outputs.reduce((low, value) => Math.min(low, value), Infinity) },
        { name: "highest output", value: outputs.reduce((high, value) => Math.max(high, value), -Infinity) },
      ],
      unit: "root mean square of the outputs",
      layers: byLayer(tensors, size),
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
  backward: (tensors) => ({
    numbers: [{ name: "gradient norm", value: normOf(tensors) }],
    unit: "gradient norm",
    layers: byLayer(tensors, normOf),
  }),
  update: (tensors) => ({
    numbers: [{ name: "size of the update", value: normOf(tensors) }],
    unit: "norm of the change of the weights",
    layers: byLayer(tensors, normOf),
  }),
};

export const reportOf = ({ move, step, tensors }: MoveValues): MoveReport => ({
  move,
  step,
  ...reports[move](tensors),
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
