import { decodeConfig } from "../../../src/session/url.ts";
import { encodeRuns } from "../../../src/ui/runs/files.ts";
import type { RunRecord } from "../../../src/ui/runs/record.ts";
import type { Playground } from "../browser.ts";

export const limit = 300;
/** A limit ends a run by itself, so that what is kept of it stays as it is. */
export const hash = `#v=1&device=cpu&stopping.steps=${limit}`;

/** A run that somebody else trained: a loss that falls towards a floor, and never quite smoothly. */
function trained(name: string, changed: string, { floor, series }: { floor: number; series: number }): RunRecord {
  const { config } = decodeConfig(`${hash.slice(1)}&${changed}`);
  const wave = (step: number) => 1 + 0.06 * Math.sin(step / 17 + 40 * floor) + 0.05 * Math.sin(step / 5 + series);
  const step = Array.from({ length: limit / 10 + 1 }, (_, index) => 10 * index);
  const value = step.map((at) => Number(((floor + 1.05 * Math.exp(-at / 110)) * wave(at)).toPrecision(6)));
  const loss = Math.min(...value);
  const curve = { step, value };
  return {
    ...{ id: name.replace(" ", "-"), name, note: "", starred: false, pinned: false, shown: null, series, config },
    ...{
      created: Date.UTC(2026, 0, series),
      markers: [],
      device: "CPU · WebAssembly",
      steps: limit,
      seconds: 2 + series,
    },
    best: { step: step[value.indexOf(loss)] ?? 0, loss, accuracy: 1 - floor },
    ...{ validation: curve, training: curve, gradNorm: curve },
  };
}

export const seeds = [
  trained("long scree", "model.seed=11&seed=11", { floor: 0.1, series: 2 }),
  trained("wide saddle", "model.seed=12&seed=12", { floor: 0.25, series: 3 }),
  trained("dry couloir", "model.seed=13&seed=13", { floor: 0.4, series: 4 }),
];
export const faster = [
  trained("narrow ridge", "optimizer.learningRate=0.03&model.seed=11&seed=11", { floor: 0.6, series: 6 }),
  trained("steep larch", "optimizer.learningRate=0.03&model.seed=12&seed=12", { floor: 0.8, series: 7 }),
];
export const other = trained("tall tarn", "batchSize=256", { floor: 0.5, series: 5 });

export const file = encodeRuns([...seeds, ...faster, other]);

/** What one sees of a run: its row, and its details where they are open. */
export const seen = ({ page }: Playground, name: string) =>
  page.$eval(`aria/Name of ${name}[role="textbox"]`, (input) => {
    const row = input.closest("tr");
    const details = row?.nextElementSibling?.matches(".details") ? row.nextElementSibling : undefined;
    const cells = [...(row?.cells ?? []), ...(details === undefined ? [] : details.querySelectorAll("p"))];
    const shown = cells.filter((cell) => cell.checkVisibility());
    return shown.map((cell) => (cell instanceof HTMLElement ? cell.innerText : "")).join(" | ");
  });

/** Names of the runs in table order, the one on screen first. */
export const names = ({ page }: Playground) =>
  page.$$eval('section[aria-label="Kept runs"] tbody input', (inputs) =>
    inputs.map((input) => (input as HTMLInputElement).value),
  );

export const untilNames = (playground: Playground, holds: (found: readonly string[]) => boolean) =>
  playground.until(() => names(playground), holds);

interface Line {
  readonly color: string;
  readonly dash: string;
}

/** The sample of a run's line in its row. */
export const lineOf = ({ page }: Playground, row: string): Promise<Line> =>
  page.$eval(row, (head) => {
    const path = head.closest("tr")?.querySelector("svg.line path") ?? head;
    const { stroke, strokeDasharray } = getComputedStyle(path);
    return { color: stroke, dash: strokeDasharray };
  });

export const lineOfRun = (playground: Playground, name: string) => lineOf(playground, `[aria-label="Name of ${name}"]`);

/** Pixels of the loss plot that have a colour. */
interface Pixels {
  readonly lines: number;
  /** Of what lines enclose, which is fainter. */
  readonly areas: number;
  readonly hasDrawn: boolean;
}

const painted = ({ page }: Playground, color: string): Promise<Pixels> =>
  page.$eval(
    'figure[aria-label="Loss"]',
    (figure, wanted) => {
      // It draws when it comes into view
      figure.scrollIntoView({ block: "center" });
      const canvas = figure.querySelector("canvas");
      const { width = 1, height = 1 } = canvas ?? {};
      const data = canvas?.getContext("2d")?.getImageData(0, 0, width, height).data ?? [];
      const rgb = (wanted.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
      let [lines, areas] = [0, 0];
      for (let at = 0; at < data.length; at += 4) {
        const isNear = rgb.every((channel, index) => Math.abs((data[at + index] ?? 0) - channel) <= 12);
        const alpha = data[at + 3] ?? 0;
        if (isNear && alpha > 80) lines += 1;
        else if (isNear && alpha > 40 && alpha < 75) areas += 1;
      }
      return { lines, areas, hasDrawn: canvas !== null };
    },
    color,
  );

export const untilPainted = (playground: Playground, color: string, holds: (pixels: Pixels) => boolean) =>
  playground.until(() => painted(playground, color), holds);

/** More than the rounded ends of other lines. */
const fewestPixels = 20;
export const isDrawn = ({ lines }: Pixels) => lines >= fewestPixels;
export const isGone = ({ lines, hasDrawn }: Pixels) => hasDrawn && lines < fewestPixels;

export async function importRuns({ page, button }: Playground, path: string): Promise<void> {
  const [chooser] = await Promise.all([page.waitForFileChooser(), button("Import runs").click()]);
  await chooser.accept([path]);
}

/** Runs in the browser's storage. */
export const keptCount = ({ page }: Playground) =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const opening = indexedDB.open("downhill-runs");
        opening.onsuccess = () => {
          const count = opening.result.transaction("runs").objectStore("runs").count();
          count.onsuccess = () => {
            opening.result.close();
            resolve(count.result);
          };
        };
      }),
  );

/** A key with Ctrl, while no field has the focus. */
export async function pressCtrl({ page }: Playground, key: "z"): Promise<void> {
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.keyboard.down("Control");
  await page.keyboard.press(key);
  await page.keyboard.up("Control");
}

/** Scrolls the table to where one looks at it. */
export const lookAtRuns = ({ page }: Playground) =>
  page.$eval('section[aria-label="Runs"]', (section) => section.scrollIntoView({ block: "end" }));
