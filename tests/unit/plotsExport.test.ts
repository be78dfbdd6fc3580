import { crc32 as zlibCrc32 } from "node:zlib";
import Papa from "papaparse";
import { describe, expect, test } from "vitest";
import { createMetrics } from "../../src/session/metrics.ts";
import { decodeConfig } from "../../src/session/url.ts";
import { fileName, type PlotFile } from "../../src/ui/export/file.ts";
import { crc32, withText } from "../../src/ui/export/png.ts";
import { csvOf, jsonOf } from "../../src/ui/export/values.ts";
import { loss } from "../../src/ui/plots/loss.ts";
import { defaultSettings } from "../../src/ui/plots/plotView.ts";
import { showPlot } from "../../src/ui/plots/shown.ts";
import { clockOf, type PlotSource } from "../../src/ui/plots/source.ts";

function fileOf(): PlotFile {
  const history = createMetrics();
  const zeros = new Float64Array(3);
  history.append({
    ...{ step: Float64Array.of(1, 2, 3), loss: Float64Array.of(0.5, Number.NaN, 0.25), gradNorm: zeros },
    ...{ learningRate: zeros, penalty: zeros, clipFactor: zeros, seconds: Float64Array.of(1, 1, 1) },
    ...{ epoch: 0, stepsPerSecond: 1, train: [] },
    validation: [
      { step: 0, loss: 0.75, accuracy: 0.5 },
      { step: 2, loss: 0.125, accuracy: 0.75 },
    ],
  });
  const source: PlotSource = {
    ...{
      history,
      clock: clockOf({ examples: 8, batchSize: 4, accumulation: 1 }, history),
      clips: false,
      clipNorm: undefined,
    },
    ...{
      liveBytes: undefined,
      scalesLoss: false,
      guess: undefined,
      overlays: [],
      markers: [{ step: 2, label: "learning rate 3e−3", kind: "settings" }],
    },
  };
  const shown = showPlot(loss, source, { settings: defaultSettings, zoom: undefined, points: 100 });
  const { config } = decodeConfig("");
  return { plot: loss, source, shown, config, device: "CPU", runName: "Long Scrée!", date: new Date(86_400_000 * 365) };
}

test("a file is named after the run, the plot and the day", () => {
  expect(fileName(fileOf(), "png")).toBe("downhill-long-scre-e-loss-1971-01-01.png");
});

describe("CSV", () => {
  const [comment = "", ...lines] = csvOf(fileOf()).split("\n");

  test("has a line per step with every value exactly where it was measured", () => {
    expect(Papa.parse(lines.join("\n"), { skipEmptyLines: true }).data).toEqual([
      ["step", "epoch", "samples", "seconds", "Training loss", "Validation loss"],
      ["0", "0", "0", "0", "", "0.75"],
      ["1", "0.5", "4", "1", "0.5", ""],
      ["2", "1", "8", "2", "", "0.125"],
      ["3", "1.5", "12", "3", "0.25", ""],
    ]);
  });

  test("carries configuration and seeds in its first line", () => {
    const { config } = fileOf();
    const provenance = JSON.parse(comment.slice(2));
    expect(provenance.config).toEqual(config);
    expect(provenance.seeds).toEqual({ data: config.data.seed, model: config.model.seed, order: config.compute.seed });
  });
});

test("JSON has each curve with its own steps, markers, and the configuration", () => {
  const parsed = JSON.parse(jsonOf(fileOf()));
  expect(parsed.curves).toEqual([
    { name: "Training loss", step: [1, 2, 3], value: [0.5, null, 0.25] },
    { name: "Validation loss", step: [0, 2], value: [0.75, 0.125] },
  ]);
  expect(parsed.best).toEqual({ step: 2, loss: 0.125, accuracy: 0.75 });
  expect(parsed.markers).toHaveLength(1);
  expect(parsed.config).toEqual(fileOf().config);
});

describe("PNG", () => {
  /** The smallest PNG: its signature, a header chunk, and an end chunk. */
  const chunk = (type: string, data: readonly number[]) => {
    const body = Uint8Array.from([...new TextEncoder().encode(type), ...data]);
    const sum = zlibCrc32(body);
    return [0, 0, 0, data.length, ...body, sum >>> 24, (sum >> 16) & 255, (sum >> 8) & 255, sum & 255];
  };
  const png = Uint8Array.from([
    ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    ...chunk("IHDR", [0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]),
    ...chunk("IEND", []),
  ]);

  test("takes a text between its header and the rest, with a right checksum", () => {
    const text = "η = 3e−3";
    const result = withText(png, "Downhill", text);
    const added = result.subarray(33, result.length - 12);
    const view = new DataView(added.buffer, added.byteOffset);
    expect(view.getUint32(0)).toBe(added.length - 12);
    expect(view.getUint32(added.length - 4)).toBe(zlibCrc32(added.subarray(4, -4)));
    const body = new TextDecoder().decode(added.subarray(4, -4));
    expect(body).toBe(`iTXtDownhill\0\0\0\0\0${text}`);
    expect([...result.subarray(0, 33)]).toEqual([...png.subarray(0, 33)]);
    expect([...result.subarray(-12)]).toEqual([...png.subarray(-12)]);
  });

  test("checksums agree with zlib's", () => {
    for (const text of ["", "a", "123456789"]) {
      const bytes = new TextEncoder().encode(text);
      expect(crc32(bytes)).toBe(zlibCrc32(bytes));
    }
  });

  test("of something else is refused", () => expect(() => withText(new Uint8Array(40), "a", "b")).toThrow(RangeError));
});
