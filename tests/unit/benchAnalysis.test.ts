import { describe, expect, test } from "vitest";
import { crossoverOf, headline, lossAgreement, peakOf, stepRows } from "../../src/bench/analysis.ts";
import { quantile, spreadOf } from "../../src/bench/clock.ts";
import type { BenchDevice } from "../../src/bench/kinds.ts";
import { markdownOf } from "../../src/bench/markdown.ts";
import type { Measurement, Report } from "../../src/bench/report.ts";
import { suites } from "../../src/bench/suites.ts";

const WIDTH = 64;
const exactly = (value: number) => ({ median: value, low: value, high: value, rounds: 1 });

const step = (device: BenchDevice, batch: number, ms: number): Measurement => ({
  ...{ kind: "step", device, width: WIDTH, batch },
  ms: exactly(ms),
});
const product = (device: BenchDevice, size: number, gflops: number): Measurement => ({
  ...{ kind: "product", device, layout: "NN", size },
  gflops: exactly(gflops),
});
const losses = (device: BenchDevice, ...reached: readonly number[]): Measurement => ({
  ...{ kind: "losses", device, width: WIDTH, batch: 8, steps: [1, 10] },
  losses: reached,
});

const reportOf = (...measurements: readonly Measurement[]): Report => ({
  ...{ version: 1, suite: "quick", devices: [], measurements },
  environment: { browser: "Chromium 140", isolated: true },
});

/** The CPU's time grows with the batch; the GPU's does not. They are equal at batch 10. */
const crossing = reportOf(step("cpu", 1, 0.1), step("webgpu", 1, 1), step("cpu", 100, 10), step("webgpu", 100, 1));

describe("where the devices are equal", () => {
  test("lies between two batches, interpolated on log axes", () => {
    const found = crossoverOf(stepRows(crossing, WIDTH));
    expect(found?.batch).toBeCloseTo(10, 9);
    expect(found?.ms).toBeCloseTo(1, 9);
    expect(found?.winner).toBe("webgpu");
  });

  test("is named in words, with the gain at the largest batch", () => {
    expect(headline(crossing, WIDTH)).toEqual({
      claim: "The GPU overtakes the CPU at batch 10.",
      detail: "At batch 100 the GPU trains 10 times faster.",
    });
  });

  test("is told with the warning that the GPU is none, where software simulates it", () => {
    const software = { kind: "webgpu", label: "WebGPU · SwiftShader", software: true } as const;
    expect(headline({ ...crossing, devices: [software] }, WIDTH).detail).toContain("simulated by software");
  });

  test("is nowhere when one device always wins", () => {
    const report = reportOf(step("cpu", 1, 1), step("webgpu", 1, 3), step("cpu", 8, 2), step("webgpu", 8, 9));
    expect(crossoverOf(stepRows(report, WIDTH))).toBeUndefined();
    expect(headline(report, WIDTH).claim).toBe("The CPU is faster at every batch size measured.");
  });

  test("is not looked for where a device is missing", () => {
    const report = reportOf(step("cpu", 1, 1), { kind: "missing", device: "webgpu", reason: "no adapter" });
    expect(headline(report, WIDTH)).toEqual({
      claim: "Only the CPU is measured here.",
      detail: "A step takes 1 ms at batch 1. What was not measured is listed, with the reason.",
    });
  });

  test("skips a batch that one device did not measure", () => {
    const report = reportOf(...crossing.measurements, step("cpu", 1000, 100));
    expect(crossoverOf(stepRows(report, WIDTH))?.batch).toBeCloseTo(10, 9);
  });
});

test("a device's products are held against its multiply-adds, unless a product was faster", () => {
  const limits: Measurement = { kind: "limits", device: "webgpu", gflops: exactly(50), gigabytes: exactly(9) };
  const slower = reportOf(product("webgpu", 64, 20), product("webgpu", 128, 40), limits);
  expect(peakOf(slower, "webgpu")).toEqual({ gflops: 50, from: "multiply-adds" });
  const faster = reportOf(product("webgpu", 64, 60), limits);
  expect(peakOf(faster, "webgpu")).toEqual({ gflops: 60, from: "best product" });
  expect(peakOf(slower, "cpu")).toBeUndefined();
});

test("losses are compared step by step, and the largest difference counts", () => {
  const { difference } = lossAgreement(reportOf(losses("cpu", 2, 1), losses("webgpu", 2, 1.1)));
  expect(difference).toBeCloseTo(0.1, 12);
  expect(lossAgreement(reportOf(losses("cpu", 2, 1))).difference).toBeUndefined();
});

test("percentiles interpolate between neighbours, and do not depend on the order of the rounds", () => {
  expect(quantile([1, 2, 4], 0.75)).toBe(3);
  expect(spreadOf([5, 1, 3, 2, 4])).toEqual({ median: 3, low: 1.4, high: 4.6, rounds: 5 });
});

describe("the report as Markdown", () => {
  test("has a table of steps with medians and speed-up, and says where the devices are equal", () => {
    const text = markdownOf(crossing);
    expect(text).toContain("| 100 | 10 | 10 – 10 | 1 | 1 – 1 | 10 |");
    expect(text).toContain("Equal at batch 10; above, the WebGPU is faster.");
    expect(text).toContain("- browser: Chromium 140");
  });

  test("calls a disagreement by its name", () => {
    expect(markdownOf(reportOf(losses("cpu", 2, 1), losses("webgpu", 2, 1.1)))).toContain("DISAGREE");
    expect(markdownOf(reportOf(losses("cpu", 2, 1), losses("webgpu", 2, 1.0001)))).toContain("the devices agree");
  });

  test("lists what was not measured, with the reason", () => {
    const text = markdownOf(reportOf({ kind: "missing", device: "webgpu", what: "kernels, WebGPU", reason: "lost" }));
    expect(text).toContain("- kernels, WebGPU: lost");
  });

  test("gives every table as many cells as its head has", () => {
    const text = markdownOf(reportOf(...crossing.measurements, product("cpu", 64, 1), losses("cpu", 2, 1)));
    const tables = text
      .trim()
      .split("\n\n")
      .filter((block) => block.startsWith("|"));
    expect(tables.length).toBeGreaterThan(2);
    for (const table of tables) expect(new Set(table.split("\n").map((line) => line.split("|").length)).size).toBe(1);
  });
});

test.each(Object.entries(suites))("the %s suite has ascending sizes, so that its forecasts hold", (_, suite) => {
  for (const sizes of [suite.widths, suite.batches, suite.sizes] as readonly (readonly number[])[]) {
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
  }
  expect(suite.widths as readonly number[]).toContain(suite.split.width);
});
