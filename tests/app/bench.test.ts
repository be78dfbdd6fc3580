import type { Browser, Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from "vitest";
import type { MatmulResult, MlpResult } from "../../src/bench/options.ts";
import { barriersOf, type Gpu, launch } from "./browser.ts";
import { type Site, serveSite } from "./site.ts";

const tiny = {
  kind: "mlp",
  layers: [2, 16, 16, 2],
  activation: "tanh",
  loss: "cross-entropy",
  optimizer: "adam",
  learningRate: 1e-2,
  batchSize: 32,
  examples: 256,
  precision: "f32",
  warmupSteps: 1,
  steps: 40,
  rounds: 3,
};
const product = { kind: "matmul", m: 33, n: 65, k: 129, precision: "f32", rounds: 1 };

/** Rounding differs between devices; 121 steps of so small a network carry it no further than this fraction. */
const LOSS_TOLERANCE = 1e-3;

let site: Site;
const browsers = new Map<Gpu, Browser>();

beforeAll(async () => {
  site = await serveSite(inject("site"));
  for (const gpu of ["swiftshader", "none"] as const) browsers.set(gpu, await launch(gpu));
});

afterAll(async () => {
  for (const browser of browsers.values()) await browser.close();
  site.close();
});

/** Opens the benchmark page; errors of the page and its worker fail the test. */
async function open(gpu: Gpu = "swiftshader", hash = ""): Promise<Page> {
  const context = await browsers.get(gpu)!.createBrowserContext();
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  onTestFinished(async () => {
    await context.close();
    expect(problems).toEqual([]);
  });
  await page.setViewport({ width: 1440, height: 900 });
  await page.goto(`${site.url}bench.html${hash}`);
  return page;
}

const ask = <R>(page: Page, options: unknown): Promise<R> =>
  page.evaluate(`globalThis.downhill.benchmark(${JSON.stringify(options)})`) as Promise<R>;

const refusal = (page: Page, options: unknown): Promise<string> => ask(page, options).then(String, String);

describe("benchmark()", () => {
  test("trains a tiny network on both devices to falling losses that agree", async () => {
    const page = await open();
    const [cpu, webgpu] = [
      await ask<MlpResult>(page, { ...tiny, device: "cpu" }),
      await ask<MlpResult>(page, { ...tiny, device: "webgpu" }),
    ];
    for (const result of [cpu, webgpu]) {
      expect(result.msPerStep).toHaveLength(3);
      expect(result.msPerStep.every((ms) => ms > 0 && Number.isFinite(ms))).toBe(true);
      expect(result.firstStepMs).toBeGreaterThan(0);
      expect(result.loss).toHaveLength(4);
      // An untrained network says little about two classes.
      expect(Math.abs(result.loss[0]! - Math.log(2))).toBeLessThan(0.3);
      expect(result.loss.at(-1)!).toBeLessThan(result.loss[0]! * 0.9);
      expect(result.parameters).toBe(2 * 16 + 16 + 16 * 16 + 16 + 16 * 2 + 2);
    }
    cpu.loss.forEach((loss, round) => {
      expect(Math.abs(webgpu.loss[round]! - loss) / loss).toBeLessThan(LOSS_TOLERANCE);
    });
    expect(cpu.threads).toBeGreaterThan(0);
    expect(webgpu.adapter).toMatch(/swiftshader/i);
  });

  test.each([
    ["as they are", {}],
    ["with the right one transposed", { transposeB: true }],
    ["with the left one transposed", { transposeA: true }],
  ])("multiplies matrices %s on both devices", async (_, layout) => {
    const page = await open();
    for (const device of ["cpu", "webgpu"]) {
      const { ms, gflops } = await ask<MatmulResult>(page, { ...product, ...layout, device });
      expect(gflops).toHaveLength(1);
      expect(gflops[0]).toBeCloseTo((2 * 33 * 65 * 129) / ms[0]! / 1e6, 6);
      expect(gflops[0]).toBeGreaterThan(0);
    }
  });

  test.each([
    ["a device", { ...tiny, device: "tpu" }, /device: got "tpu", expected one of "cpu", "webgpu"/],
    ["an optimizer", { ...tiny, device: "cpu", optimizer: "lion" }, /optimizer: got "lion"/],
    [
      "a number of examples",
      { ...tiny, device: "cpu", examples: 250 },
      /examples: got 250, expected a multiple of the batch size 32/,
    ],
    ["a width", { ...tiny, device: "cpu", layers: [2, 0, 2] }, /layers\[1\]: got 0/],
    ["two transposed factors", { ...product, device: "cpu", transposeA: true, transposeB: true }, /transposeB/],
    ["a kind", { kind: "conv" }, /kind: got "conv"/],
  ])("refuses %s that it cannot serve, by name", async (_, options, message) => {
    expect(await refusal(await open(), options)).toMatch(message);
  });

  test("says that WebGPU is missing, and goes on serving the CPU", async () => {
    const page = await open("none");
    expect(await refusal(page, { ...tiny, device: "webgpu" })).toMatch(/WebGPU/);
    const { loss } = await ask<MlpResult>(page, { ...tiny, device: "cpu" });
    expect(loss.every(Number.isFinite)).toBe(true);
  });
});

/** Presses a button by its accessible name. */
const press = (page: Page, name: string) => page.locator(`aria/${name}[role="button"]`).click();

const rowsOf = (page: Page, caption: string): Promise<readonly (readonly string[])[]> =>
  page.$$eval(
    "table",
    (tables, caption) =>
      tables
        .filter((table) => table.caption?.textContent?.includes(caption))
        .flatMap((table) =>
          [...table.tBodies[0]!.rows].map((row) => [...row.cells].map((cell) => cell.textContent ?? "")),
        ),
    caption,
  );

describe("the page", () => {
  test("shows what the quick suite measured on the CPU, and says that WebGPU is missing", async () => {
    const page = await open("none", "#suite=quick");
    await press(page, "Run");
    await page.locator('aria/Run again[role="button"]').setTimeout(100_000).waitHandle();
    const steps = await rowsOf(page, "Time of one training step");
    expect(steps.map(([batch]) => batch)).toEqual(["1", "8", "64", "512"]);
    expect(steps.every(([, ms]) => Number(ms!.replaceAll(",", "")) > 0)).toBe(true);
    expect((await rowsOf(page, "Milliseconds of each kernel")).some(([name]) => name!.includes("linearForward"))).toBe(
      true,
    );
    const said = await page.$eval('[aria-label="Result"] [role="status"]', (element) => element.textContent);
    expect(said).toContain("Only the CPU is measured here.");
    expect(await page.$$('[role="alert"]')).toHaveLength(0);

    for (const width of [360, 1440]) {
      await page.setViewport({ width, height: 800 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth), `${width} px`).toBeLessThanOrEqual(width);
    }
    expect(await barriersOf(page)).toEqual([]);
  });

  test("stops when it is told to, keeps what it measured, and measures again", async () => {
    const page = await open("none");
    await press(page, "Run");
    await page.locator("table").waitHandle();
    await press(page, "Cancel");
    expect(await page.$$("table")).not.toHaveLength(0);
    const { loss } = await ask<MlpResult>(page, { ...tiny, device: "cpu" });
    expect(loss.every(Number.isFinite)).toBe(true);
  });

  test("keeps the suite in its address", async () => {
    const page = await open("none", "#suite=thorough");
    const checked = () =>
      page.$$eval("input:checked", (inputs) => inputs.map((input) => (input as HTMLInputElement).value));
    expect(await checked()).toContain("thorough");
    await page.evaluate(() => document.querySelector<HTMLInputElement>('input[value="quick"]')!.click());
    expect(await page.evaluate(() => location.hash)).toBe("#suite=quick");
  });
});
