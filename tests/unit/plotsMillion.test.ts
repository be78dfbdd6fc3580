import { expect, test } from "vitest";
import { createMetrics } from "../../src/session/metrics.ts";
import * as registry from "../../src/ui/plots/index.ts";
import { paint } from "../../src/ui/plots/paint.ts";
import type { Path, Pen } from "../../src/ui/plots/pen.ts";
import { defaultSettings } from "../../src/ui/plots/plotView.ts";
import { showPlot } from "../../src/ui/plots/shown.ts";
import { clockOf, type PlotSource } from "../../src/ui/plots/source.ts";
import { tableOf } from "../../src/ui/plots/values.ts";

const STEPS = 1_000_000;
/** Points that a redraw of one plot may touch: the band has two for each of the line's 128, smoothing doubles the line. */
const MOST_TOUCHED = 3000;

const history = createMetrics();
for (let first = 0; first < STEPS; first += 100_000) {
  const step = Float64Array.from({ length: 100_000 }, (_, index) => first + index + 1);
  const evaluations = [...step].filter((value) => value % 20 === 0);
  const evaluated = evaluations.map((value) => ({ step: value, loss: 1 + 1 / value, accuracy: 1 - 1 / value }));
  history.append({
    ...{ step, loss: step.map((value) => 1 / value), gradNorm: step.map(Math.sqrt), penalty: step },
    ...{ learningRate: step.map((value) => 1 / value), clipFactor: step.map((value) => value % 2) },
    ...{ seconds: new Float64Array(step.length).fill(1e-3), epoch: 0, stepsPerSecond: 1000 },
    ...{ train: evaluated, validation: evaluated },
    // The worst case: every other step overflows, and the scale goes up and down.
    scaling: {
      changes: Array.from(step, (value) => ({ step: value, lossScale: 1 + (value % 2) })),
      skipped: [...step].filter((value) => value % 2 === 0),
    },
  });
}
for (let step = 1; step <= 5000; step++) {
  const tensors = [{ name: "layers.0.weight", gradNorm: 1, weightNorm: 1, updateRatio: 1e-3 }];
  history.measure({ step: 200 * step, tensors: [...tensors] as never, layers: [], liveBytes: step });
}
const source: PlotSource = {
  ...{ history, clock: clockOf({ examples: 1000, batchSize: 32, accumulation: 1 }, history), clips: true, clipNorm: 1 },
  ...{ liveBytes: 1, overlays: [], markers: [], scalesLoss: true, guess: 2 },
};

/** A pen that counts the points of its paths. */
function countingPen() {
  let points = 0;
  const count = (path: Path) => {
    points += path.length / 2;
  };
  const pen: Pen = {
    ...{ line: count, area: count },
    dot: () => count([0, 0]),
    text: () => count([0, 0]),
    clipped: (_, draw) => draw(),
  };
  return { pen, points: () => points };
}

const views = [
  { name: "all", zoom: undefined, logX: false },
  { name: "all, log", zoom: undefined, logX: true },
  { name: "half", zoom: { from: 123_456, to: 654_321 }, logX: false },
  { name: "the first hundred", zoom: { from: 0, to: 100 }, logX: false },
];
const cases = Object.values(registry).flatMap((plot) => views.map((view) => ({ plot, label: plot.label, ...view })));

test.each(cases)("$label draws a million steps, $name, with a few thousand points", ({ plot, zoom, logX }) => {
  const shown = showPlot(plot, source, { settings: { ...defaultSettings, logX }, zoom, points: 128 });
  const { pen, points } = countingPen();
  const box = { left: 0, top: 0, width: 512, height: 200 };
  const scale = { x: (step: number) => step, y: (value: number) => value, color: (token: string) => token };
  paint(pen, { ...box, ...scale, ratio: 1, labels: true }, shown);
  expect(points()).toBeGreaterThan(0);
  expect(points()).toBeLessThanOrEqual(MOST_TOUCHED);
});

test.each(Object.values(registry))("the table of $label has at most 200 rows, the newest one last", (plot) => {
  const { rows } = tableOf(plot, source, 200);
  expect(rows.length).toBeGreaterThan(90);
  expect(rows.length).toBeLessThanOrEqual(200);
  expect(rows.at(-1)?.step).toBe(STEPS);
});
