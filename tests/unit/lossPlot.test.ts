import { expect, test } from "vitest";
import { defaultConfig } from "../../src/session/config.ts";
import { createMetrics } from "../../src/session/metrics.ts";
import { loss } from "../../src/ui/plots/loss.ts";
import { type Frame, paint } from "../../src/ui/plots/paint.ts";
import type { Pen } from "../../src/ui/plots/pen.ts";
import { defaultSettings } from "../../src/ui/plots/plotView.ts";
import { showPlot } from "../../src/ui/plots/shown.ts";
import { clockOf } from "../../src/ui/plots/source.ts";
import { readLesson } from "../../src/ui/share/createLesson.ts";

const frame: Frame = {
  ...{ left: 0, top: 0, width: 100, height: 100, ratio: 1, labels: true, color: (token) => token },
  ...{ x: (step) => step, y: (value) => 100 - 100 * value },
};

/** What is written into the loss plot of a run that has not begun, and where, with what a link brings. */
function writtenWith(share: string) {
  const history = createMetrics();
  const { lesson } = readLesson(share, defaultConfig);
  const shown = showPlot(
    loss,
    {
      ...{ history, clock: clockOf({ examples: 8, batchSize: 4, accumulation: 1 }, history), markers: [] },
      ...{ clips: false, clipNorm: undefined, scalesLoss: false, guess: undefined, liveBytes: undefined },
      overlays: lesson.overlays,
    },
    { settings: defaultSettings, zoom: undefined, points: 100 },
  );
  const written: (readonly [text: string, y: number])[] = [];
  const pen: Pen = {
    ...{ line: () => {}, area: () => {}, dot: () => {}, clipped: (_, draw) => draw() },
    text: (_, y, text) => written.push([text, y]),
  };
  paint(pen, frame, shown);
  return written;
}

test("a goal is named where its line is", () => {
  expect(writtenWith("share.goal=loss,0.3,500")).toEqual([["goal 0.3", 66]]);
  expect(writtenWith("share.goal=accuracy,0.9,500")).toEqual([]);
  expect(writtenWith("")).toEqual([]);
});
