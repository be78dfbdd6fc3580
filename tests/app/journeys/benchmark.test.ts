import { expect } from "vitest";
import type { Playground } from "../browser.ts";
import { createEverywhere } from "../everywhere.ts";
import { copied, createSaving } from "../saving.ts";

const everywhere = createEverywhere();
/** A run that is over soon leaves the machine to the benchmark. */
const still = "#v=1&device=cpu&data=moons&data.size=100&model.layers=8tanh&stopping.steps=100";

/** Goes to the other page by its link, wherever the page has it. */
async function follow({ page }: Playground, name: string): Promise<void> {
  const link = await page.waitForSelector(`nav ::-p-aria(${name}[role="link"])`, { visible: true });
  await link?.scrollIntoView();
  await Promise.all([page.waitForNavigation(), link?.click()]);
}

/** What the line above the results says. */
const claimed = ({ page }: Playground): Promise<string> =>
  page.$eval('[aria-label="Result"] [role="status"]', ({ textContent }) => textContent ?? "");

everywhere("the benchmark is one link away, measures, stops, and is taken along", still, async (journey) => {
  const { playground, arrive } = journey;
  const { page } = playground;
  await playground.untilEnded(100);
  await follow(playground, "Benchmark");
  await page.waitForSelector("::-p-text(GPU against CPU, on this machine)");
  await arrive("benchmark-first");

  await playground.choose("Suite", "Thorough");
  await playground.button("Run").click();
  await playground.until(
    () => page.$$eval("table tbody tr", (rows) => rows.length),
    (rows) => rows > 1,
  );
  expect(await claimed(playground)).toMatch(/^Measuring /);
  await arrive("benchmark-running");
  await playground.button("Cancel").click();
  await playground.button("Run again").waitHandle();
  expect(await claimed(playground)).not.toMatch(/^Measuring /);
  await arrive("benchmark-cancelled");

  await playground.choose("Suite", "Quick");
  await playground.button("Run again").click();
  await playground.button("Cancel").waitHandle();
  await playground.until(
    () => page.$('aria/Run again[role="button"]'),
    (button) => button !== null,
  );
  await arrive("benchmark-done");
  const save = await createSaving(page);
  const { name, bytes } = await save("json", () => playground.button("Save as JSON").click());
  expect(name).toBe("downhill-benchmark-quick.json");
  expect(JSON.parse(bytes.toString())).toMatchObject({ version: 1, suite: "quick" });
  const table = await copied(page, () => playground.button("Copy as Markdown").click());
  expect(table).toContain("| --");
  expect(await copied(page, () => playground.button("Copy link").click())).toMatch(/bench\.html#suite=quick$/);

  await follow(playground, "Train");
  await playground.button("Step").waitHandle();
});
