import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Playground } from "./browser.ts";
import { createFolder, createStage } from "./stage.ts";

const stage = createStage();
const folder = createFolder();

/** Limits end a run by itself, so that what is kept of it stays as it is. */
const hash = "#v=1&device=cpu&stopping.steps=300";

const untilStep = (playground: Playground, step: number) =>
  playground.until(
    () => playground.number("Step"),
    (now) => now === step,
  );

/** Names of the runs in table order, the one on screen first. */
const names = (playground: Playground) =>
  playground.page.$$eval('[aria-label="Runs"] tbody input', (inputs) =>
    inputs.map((input) => (input as HTMLInputElement).value),
  );

const untilRuns = (playground: Playground, count: number) =>
  playground.until(
    () => names(playground),
    (found) => found.length === count,
  );

/** Runs in the browser's storage. */
const keptCount = ({ page }: Playground) =>
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

/** A run that replaces one that has ended waits at its start. */
async function trainAgain(playground: Playground): Promise<void> {
  await untilStep(playground, 0);
  await playground.button("Play").click();
  await playground.untilEnded(300);
}

/** Three runs: one from the link, one with another seed, one with another batch size. */
async function threeRuns(address: string): Promise<Playground> {
  const playground = await stage.open(address);
  await playground.untilEnded(300);
  await untilRuns(playground, 1);
  await playground.button("New seed").click();
  await trainAgain(playground);
  await untilRuns(playground, 2);
  await playground.type("Batch size", "64");
  await trainAgain(playground);
  await untilRuns(playground, 3);
  return playground;
}

describe("runs", () => {
  test("are kept with what differs, over a reload too, and their settings come back", async () => {
    const playground = await threeRuns(hash);
    const before = await names(playground);
    const table = await playground.page.$eval('[aria-label="Runs"] table', (element) => element.textContent ?? "");
    expect(table).toContain("batch size 64 → 32");
    await playground.until(
      () => keptCount(playground),
      (count) => count === 3,
    );
    await playground.page.reload();
    await untilRuns(playground, 4);
    expect((await names(playground)).slice(1)).toEqual(expect.arrayContaining(before));
    await playground.button(`More about ${before[2]}`).click();
    await playground.button("Load these settings").click();
    await playground.until(
      () => playground.page.evaluate(() => location.hash),
      (now) => !now.includes("batchSize"),
    );
    expect(await playground.alerts()).toEqual([]);
    expect(playground.problems).toEqual([]);
  });

  test("are renamed, noted, pinned, soloed and compared without a barrier", async () => {
    const playground = await threeRuns(hash);
    const { page } = playground;
    const [, second = "", third = ""] = await names(playground);
    await playground.control(`Name of ${third}`, "textbox").fill("wide pass");
    await page.keyboard.press("Enter");
    await playground.button("Pin wide pass").click();
    await playground.until(
      () => names(playground),
      (found) => found[1] === "wide pass",
    );
    await playground.button("More about wide pass").click();
    await playground.control("Note", "textbox").fill("the first one");
    await playground.button("Solo").click();
    await playground.button("End solo").waitHandle();
    expect(await page.$eval(`[aria-label="Show ${second} in the plots"]`, (eye) => eye.ariaPressed)).toBe("false");
    expect(await playground.barriers()).toEqual([]);
    await playground.screenshot("runs-details");
    await playground.button("Side by side").click();
    const dialog = await page.waitForSelector("dialog[open]");
    expect(await dialog?.evaluate(({ textContent }) => textContent)).toContain("batch size");
    expect(await playground.barriers()).toEqual([]);
    await page.keyboard.press("Escape");
    await playground.button("Group seeds").click();
    const group = await page.waitForSelector("aria/Show all 2 seeds in the plots");
    expect(group).not.toBeNull();
    expect(playground.problems).toEqual([]);
  });

  test("are deleted with a way back, by the button and by the key", async () => {
    const playground = await threeRuns(hash);
    const before = await names(playground);
    await playground.button("Delete all runs").click();
    await untilRuns(playground, 1);
    await playground.button("Bring back").click();
    await untilRuns(playground, 3);
    await playground.page.focus(`aria/Delete ${before[1]}[role="button"]`);
    await playground.page.keyboard.press("Enter");
    await untilRuns(playground, 2);
    // The row is gone that had the focus
    await playground.page.waitForFunction(() => document.activeElement?.textContent === "Bring back");
    await playground.page.keyboard.down("Control");
    await playground.page.keyboard.press("z");
    await playground.page.keyboard.up("Control");
    await untilRuns(playground, 3);
    expect((await names(playground)).toSorted()).toEqual(before.toSorted());
  });

  test("travel as a file, and a file that is none is refused in words", async () => {
    const playground = await threeRuns(hash);
    const { page } = playground;
    const session = await page.createCDPSession();
    await session.send("Page.setDownloadBehavior", { behavior: "allow", downloadPath: folder() });
    const choose = async (path: string) => {
      const [chooser] = await Promise.all([page.waitForFileChooser(), playground.button("Import runs").click()]);
      await chooser.accept([path]);
    };
    await playground.button("Export all runs").click();
    const file = join(folder(), "downhill-runs.json");
    await playground.until(
      () => readdir(folder()),
      (found) => found.includes("downhill-runs.json"),
    );
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ format: "downhill-runs", version: 1 });
    await playground.button("Delete all runs").click();
    await untilRuns(playground, 1);
    await choose(file);
    await untilRuns(playground, 3);
    const wrong = join(folder(), "wrong.json");
    await writeFile(wrong, '{"runs": 7}');
    await choose(wrong);
    await playground.until(
      () => playground.alerts(),
      (found) => found.some((text) => text.startsWith("Runs file: it has no runs of Downhill in it.")),
    );
    expect(await names(playground)).toHaveLength(3);
    expect(playground.problems).toEqual([]);
  });

  test("are told once not to be kept where the browser keeps nothing, and the page works", async () => {
    const context = await stage.browser.createBrowserContext();
    const page = await context.newPage();
    await page.evaluateOnNewDocument(() => {
      IDBFactory.prototype.open = () => {
        throw new DOMException("blocked", "SecurityError");
      };
    });
    await page.goto(stage.url + hash);
    const told = await page.waitForSelector('[role="alert"]');
    expect(await told?.evaluate(({ textContent }) => textContent)).toContain("this browser keeps no data");
    await page.waitForFunction(() => document.querySelectorAll('[aria-label="Runs"] tbody tr').length === 1);
    // It has ended, so the next one waits
    await page.waitForSelector('aria/Play[role="button"]');
    await page.click('aria/New seed[role="button"]');
    await page.waitForFunction(() => document.querySelector('[role="status"][aria-label="Step"]')?.textContent === "0");
    await page.click('aria/Play[role="button"]');
    await page.waitForFunction(() => document.querySelectorAll('[aria-label="Runs"] tbody tr').length === 2);
    expect(await page.$$('[role="alert"]')).toHaveLength(1);
    await context.close();
  });
});

describe("changes", () => {
  test("are undone and redone by buttons, by keys and one by one, but not while typing", async () => {
    const playground = await stage.open(hash);
    const { page } = playground;
    const rate = () =>
      page.$eval('aria/Learning rate[role="spinbutton"]', (input) => Number((input as HTMLInputElement).value));
    const untilRate = (value: number) => playground.until(rate, (now) => now === value);
    const press = async (key: string) => {
      await page.keyboard.down("Control");
      await page.keyboard.press(key as "z");
      await page.keyboard.up("Control");
    };
    await playground.untilEnded(300);
    await playground.type("Learning rate", "0.5");
    await playground.type("Batch size", "64");
    await playground.button("Undo").click();
    await playground.button("Undo").click();
    await untilRate(0.01);
    await playground.button("Redo").click();
    await untilRate(0.5);
    await page.focus('aria/Batch size[role="spinbutton"]');
    await press("z");
    expect(await rate()).toBe(0.5);
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await press("z");
    await untilRate(0.01);
    await press("y");
    await untilRate(0.5);
    await playground.button("Changes").click();
    await playground.button("Take back: learning rate 0.01 → 0.5").click();
    await untilRate(0.01);
    expect(playground.problems).toEqual([]);
  });

  test("and commands have keys, which are listed, can be switched off, and stay so", async () => {
    const playground = await stage.open(hash);
    const { page } = playground;
    await playground.untilEnded(300);
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await page.keyboard.press("r");
    await untilStep(playground, 0);
    await page.keyboard.press("s");
    await untilStep(playground, 1);
    await page.keyboard.press("?");
    await page.waitForSelector("dialog[open]");
    expect(await playground.barriers()).toEqual([]);
    await playground.screenshot("keys");
    await playground.control("Single keys, without Ctrl", "checkbox").click();
    await page.keyboard.press("Escape");
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await page.keyboard.press("s");
    await page.reload();
    await playground.button("Keys").click();
    await page.waitForSelector("dialog[open]");
    expect(await page.$eval("dialog input", (box) => (box as HTMLInputElement).checked)).toBe(false);
    expect(playground.problems).toEqual([]);
  });
});
