import type { Playground } from "../browser.ts";

/** The line that says what is happening. */
export const said = ({ page }: Playground): Promise<string> =>
  page.$eval('section[aria-label="What is happening"]', (line) => line.textContent ?? "");

/** Waits until the line says so. */
export const untilSaid = (playground: Playground, words: RegExp): Promise<string> =>
  playground.until(
    () => said(playground),
    (text) => words.test(text),
  );

/** The cells of a row of the results, as numbers: training and validation split. */
export const results = (
  { page }: Playground,
  row: "Loss" | "Accuracy",
): Promise<{ train: number; validation: number }> =>
  page.$$eval(
    ".results tr",
    (rows, name) => {
      const cells = [...(rows.find(({ cells: [head] }) => head?.textContent === name)?.cells ?? [])];
      const [train = Number.NaN, validation = Number.NaN] = cells
        .slice(1)
        .map(({ textContent }) =>
          Number((textContent ?? "").replaceAll(/[\s\u2009%,]/g, "").replace("−", "-") || "NaN"),
        );
      return { train, validation };
    },
    row,
  );

/** Opens an ingredient where it is closed, as all but the first are on a phone. */
export async function openCard(playground: Playground, title: string): Promise<void> {
  const summary = `details.card ::-p-aria(${title}[role="heading"])`;
  const heading = await playground.page.waitForSelector(summary);
  const isOpen = await heading?.evaluate((element) => element.closest("details")?.open ?? false);
  if (isOpen !== true) await playground.press(summary);
}

/** Waits for a step that a run goes past. */
export const untilStep = (playground: Playground, least: number): Promise<number> =>
  playground.until(
    () => playground.number("Step"),
    (now) => now >= least,
  );

/** Turns full speed off for so many steps a second, which a test that is held up cannot fall far behind, or on again. */
export async function toggleFullSpeed(playground: Playground, instead?: string): Promise<void> {
  await playground.button("Speed and limits").click();
  await playground.control("Full speed", "checkbox").click();
  if (instead !== undefined) await playground.type("Speed", instead);
  await playground.page.keyboard.press("Escape");
}
