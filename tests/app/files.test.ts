import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { mergeTime } from "../../src/ui/undo.ts";
import { flowers } from "./flowers.ts";
import { birds } from "./journeys/birds.ts";
import { createFolder, createStage } from "./stage.ts";

const stage = createStage();
const folder = createFolder();

async function written(name: string, content: string): Promise<string> {
  const path = join(folder(), name);
  await writeFile(path, content);
  return path;
}

test("who opens a second file can go back to the first one, by the menu and by undo", async () => {
  const playground = await stage.open("#v=1&device=cpu");
  const columnsOf = (name: string) => playground.page.waitForSelector(`aria/Columns of ${name}[role='list']`);
  await playground.openFile(await written("birds.csv", birds(20).join("\n")));
  await columnsOf("birds.csv");
  await playground.openFile(await written("flowers.csv", flowers()));
  await columnsOf("flowers.csv");
  expect(await playground.alerts()).toEqual([]);

  // Changes of one setting in quick succession would be undone together
  await new Promise((wake) => setTimeout(wake, mergeTime));
  await playground.select("Dataset", "birds.csv");
  await columnsOf("birds.csv");
  await playground.button("Undo").click();
  await columnsOf("flowers.csv");
  await playground.button("Undo").click();
  await columnsOf("birds.csv");
  const step = await playground.number("Step");
  await playground.until(
    () => playground.number("Step"),
    (now) => now > (Number.isNaN(step) ? 0 : step),
  );
  expect(await playground.alerts()).toEqual([]);
  expect(playground.problems).toEqual([]);
});

test("a link to a run on a file asks for the file by name until it is opened", async () => {
  const playground = await stage.open("#v=1&device=cpu&data=file&data.path=flowers.csv&data.target=species");
  const [alert] = await playground.until(
    () => playground.alerts(),
    (list) => list.length > 0,
  );
  expect(alert).toMatch(/^Data file: got none, expected flowers\.csv/);
  await playground.openFile(await written("flowers.csv", flowers()));
  await playground.page.waitForSelector('aria/Confusion matrix[role="figure"]');
  await playground.until(
    () => playground.alerts(),
    (list) => list.length === 0,
  );
});

test("a file is refused where a link locks the data, and the run goes on", async () => {
  const playground = await stage.open("#v=1&device=cpu&share.lock=data");
  const goesOn = async () => {
    const before = await playground.number("Step");
    await playground.until(
      () => playground.number("Step"),
      (step) => step > (Number.isNaN(before) ? 0 : before),
    );
  };
  await goesOn();
  // The button is locked with its card; dropping is not
  await playground.page.evaluate((text) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([text], "flowers.csv"));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
  }, flowers());
  const [alert] = await playground.until(
    () => playground.alerts(),
    (list) => list.length > 0,
  );
  expect(alert).toContain("the link that opened this page locks it");
  // A fresh run would have taken the message away with it
  await goesOn();
  await new Promise((wake) => setTimeout(wake, mergeTime));
  expect(await playground.alerts()).toEqual([alert]);
});
