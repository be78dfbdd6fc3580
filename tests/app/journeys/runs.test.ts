import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { formatMeasure } from "../../../src/lib/format.ts";
import { decodeRuns } from "../../../src/ui/runs/files.ts";
import type { Playground } from "../browser.ts";
import { createEverywhere } from "../everywhere.ts";
import { createFolder } from "../stage.ts";
import {
  faster,
  file,
  hash,
  importRuns,
  isDrawn,
  isGone,
  keptCount,
  limit,
  lineOf,
  lineOfRun,
  lookAtRuns,
  names,
  other,
  pressCtrl,
  seen,
  untilNames,
  untilPainted,
} from "./tableOfRuns.ts";

const everywhere = createEverywhere();
const folder = createFolder();

everywhere(
  "runs are told apart, drawn over each other, soloed, hidden and grouped by all but the seed",
  hash,
  async ({ playground, arrive }) => {
    const { page, button } = playground;
    await playground.untilEnded(limit);
    const path = join(folder(), "runs.json");
    await writeFile(path, file);
    await importRuns(playground, path);
    const [front = "", ...rest] = await untilNames(playground, (found) => found.length === 7);
    expect(rest).toEqual(["steep larch", "narrow ridge", "tall tarn", "dry couloir", "wide saddle", "long scree"]);
    await lookAtRuns(playground);
    await arrive("runs-table");

    // What differs, the best, steps, time and device; and a hue and a dash that no other has
    await button("More about steep larch").click();
    const [, larch] = faster;
    const words = await playground.until(
      () => seen(playground, "steep larch"),
      (text) => text.includes("Begun"),
    );
    for (const part of ["learning rate 0.01 → 0.03", formatMeasure(larch?.best?.loss), "300", "9.0", "20.0", "CPU"]) {
      expect(words).toContain(part);
    }
    const lines = await Promise.all([front, ...rest].map((name) => lineOfRun(playground, name)));
    expect(new Set(lines.map(({ color }) => color)).size).toBe(7);
    expect(new Set(lines.map(({ dash }) => dash)).size).toBe(7);
    await playground.select("Colour", "indigo");
    const indigo = await playground.until(
      () => lineOfRun(playground, "steep larch"),
      ({ dash }) => dash === "2px, 3px",
    );
    await lookAtRuns(playground);
    await arrive("runs-details");

    // The newest that compare are drawn without being asked for
    const [tarn, scree] = [await lineOfRun(playground, "tall tarn"), await lineOfRun(playground, "long scree")];
    await untilPainted(playground, indigo.color, isDrawn);
    await untilPainted(playground, tarn.color, isDrawn);
    await untilPainted(playground, scree.color, isGone);
    await button("Show long scree in the plots").click();
    await untilPainted(playground, scree.color, isDrawn);
    await button("Show tall tarn in the plots").click();
    await untilPainted(playground, tarn.color, isGone);
    await button("Solo").click();
    await untilPainted(playground, scree.color, isGone);
    await untilPainted(playground, indigo.color, isDrawn);
    await button("End solo").click();
    await untilPainted(playground, scree.color, isDrawn);

    await button("Group seeds").click();
    const group = await playground.until(
      () =>
        page.$$eval("tr.group", (rows) => rows.map((row) => (row as HTMLElement).innerText.replaceAll(/\s+/g, " "))),
      (found) => found.length === 2,
    );
    expect(group[1]).toContain("2 seeds");
    const bests = faster.map(({ best }) => best?.loss ?? 0);
    expect(group[1]).toContain(`between ${formatMeasure(Math.min(...bests))} and ${formatMeasure(Math.max(...bests))}`);
    expect(group[1]).toContain(formatMeasure(bests.reduce((sum, best) => sum + best / bests.length, 0)));
    expect(group[0]).toContain("4 seeds");
    const { color } = await lineOf(playground, "tr.group");
    await untilPainted(playground, color, ({ areas }) => areas > 500);
    await arrive("runs-band");
    await lookAtRuns(playground);
    await arrive("runs-grouped");
    await page.focus('aria/Show all 4 seeds in the plots[role="button"]');
    await page.keyboard.press("Space");
    await untilPainted(playground, color, ({ areas }) => areas === 0);
  },
);

everywhere(
  "two runs stand side by side with the settings that differ, and any run can be the measure",
  hash,
  async ({ playground, arrive }) => {
    const { page, button } = playground;
    await playground.untilEnded(limit);
    const path = join(folder(), "side-by-side.json");
    await writeFile(path, file);
    await importRuns(playground, path);
    await untilNames(playground, (found) => found.length === 7);
    await playground.select("Compare with", "narrow ridge");
    const saddle = await playground.until(
      () => seen(playground, "wide saddle"),
      (text) => text.includes("learning rate"),
    );
    expect(saddle).toContain("model seed 11 → 12, learning rate 0.03 → 0.01, batch seed 11 → 12");
    await button("Side by side").click();
    await playground.select("Other run", "tall tarn");
    const rows = await playground.until(
      () =>
        page.$$eval("dialog[open] tr", (found) =>
          found.map(({ cells }) => [...cells].map(({ textContent }) => textContent?.trim() ?? "")),
        ),
      (found) => found.some(([label]) => label === "batch size"),
    );
    const [ridge] = faster;
    expect(rows).toContainEqual([
      "best validation loss",
      ...[ridge, other].map((run) => formatMeasure(run?.best?.loss)),
    ]);
    expect(rows).toContainEqual(["batch size", "32", "256"]);
    expect(rows).toContainEqual(["learning rate", "0.03", "0.01"]);
    expect(rows.some(([label]) => label === "layers")).toBe(false);
    await arrive("runs-compare");
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => document.querySelector("dialog[open]") === null);
  },
);

/** Whether a row has room for a button, or the details have it. */
async function press({ page, button }: Playground, deed: "Star" | "Pin" | "Delete", name: string): Promise<void> {
  const own = await page.$(`button[aria-label="${deed} ${name}"]`);
  if (await own?.evaluate((element) => element.checkVisibility())) return button(`${deed} ${name}`).click();
  if (await page.$eval(`[aria-label="More about ${name}"]`, (more) => more.ariaExpanded !== "true")) {
    await button(`More about ${name}`).click();
  }
  await button(deed).click();
}

everywhere(
  "a run is kept with its name, note, star and pin until it is deleted, which can be undone",
  hash,
  async ({ playground, look, arrive }) => {
    const { page, button } = playground;
    await playground.untilEnded(limit);
    const [drawn = ""] = await untilNames(playground, (found) => found.length === 1);
    await playground.control(`Name of ${drawn}`, "textbox").fill("first try");
    await page.keyboard.press("Enter");
    await button("More about first try").click();
    await playground.control("Note", "textbox").fill("too few examples");
    await press(playground, "Star", "first try");
    await press(playground, "Pin", "first try");
    await button("New seed").click();
    // A run that replaces one that has ended waits at its start
    await playground.until(
      () => playground.number("Step"),
      (step) => step === 0,
    );
    await button("Play").click();
    await playground.untilEnded(limit);
    const [second = ""] = await untilNames(playground, (found) => found.length === 2);
    await playground.until(
      () => keptCount(playground),
      (count) => count === 2,
    );
    await page.reload();
    await button("Step").waitHandle();
    await playground.untilEnded(limit);
    const found = await untilNames(playground, ({ length }) => length === 3);
    expect(found.slice(1)).toEqual(["first try", second]);
    await button("More about first try").click();
    const note = await playground
      .control("Note", "textbox")
      .map((area) => (area as HTMLTextAreaElement).value)
      .wait();
    expect(note).toBe("too few examples");
    for (const deed of ["Star", "Pin"]) {
      const pressed = await page.$$eval(`aria/${deed} first try`, (all) => all.map(({ ariaPressed }) => ariaPressed));
      const inDetails = await page.$$eval(".run-about .narrow[aria-pressed]", (all) =>
        all.map((each) => each.ariaPressed),
      );
      expect([...pressed, ...inDetails]).not.toContain("false");
    }
    await lookAtRuns(playground);
    await arrive("runs-kept");

    const downloads = join(folder(), `${look.theme}-${look.width}`);
    const session = await page.createCDPSession();
    await session.send("Page.setDownloadBehavior", { behavior: "allow", downloadPath: downloads });
    await button("Export all runs").click();
    const path = join(downloads, "downhill-runs.json");
    const exported = await playground.until(
      async () => decodeRuns(await readFile(path, "utf8").catch(() => "")),
      ({ ok }) => ok,
    );
    expect(exported.ok && exported.runs.map(({ name }) => name)).toEqual(found);

    await press(playground, "Delete", "first try");
    await playground.until(
      () => playground.reading("Deleted runs").catch(() => ""),
      (text) => text.startsWith("Deleted run first try."),
    );
    expect(await names(playground)).toHaveLength(2);
    await arrive("runs-deleted");
    await button("Bring back").click();
    await untilNames(playground, ({ length }) => length === 3);
    await press(playground, "Delete", second);
    await untilNames(playground, ({ length }) => length === 2);
    await pressCtrl(playground, "z");
    await untilNames(playground, (now) => now.includes(second));
    await button("Delete all runs").click();
    await untilNames(playground, ({ length }) => length === 1);
    await importRuns(playground, path);
    expect(await untilNames(playground, ({ length }) => length === 3)).toEqual(found);
  },
);
