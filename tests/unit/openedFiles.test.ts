import { expect, test } from "vitest";
import { parseTable } from "../../src/data/csv.ts";
import { defaultConfig } from "../../src/session/config.ts";
import { type FileAtHand, fileOf, withOpened } from "../../src/session/openedFiles.ts";

const tableOf = (name: string, rows: readonly string[]) => parseTable(new File([rows.join("\n")], name));
const rows = ["x,kind", "1,a", "2,b"];

const named = (path: string) =>
  ({ ...defaultConfig.data, kind: "file", path, target: "kind", types: {}, missing: "impute" }) as const;

/** Images of half the bytes that stay at hand; nothing touches them, so they take no memory. */
const largeImages = (name: string) =>
  ({ name, size: { height: 1, width: 2 ** 27 }, pixels: new Uint8Array(2 ** 27), labels: Uint8Array.of(1) }) as const;
const namesOf = (opened: readonly FileAtHand[]) => opened.map(({ preview }) => preview.name);

test("files are at hand by their names", async () => {
  let opened: readonly FileAtHand[] = [];
  for (const name of ["a.csv", "b.csv", "c.csv"]) opened = withOpened(opened, await tableOf(name, rows));
  expect(namesOf(opened)).toEqual(["a.csv", "b.csv", "c.csv"]);
  expect(fileOf(opened, named("b.csv"))).toMatchObject({ name: "b.csv", rows: 2 });
  expect(fileOf(opened, named("d.csv"))).toBeUndefined();
  expect(fileOf(opened, defaultConfig.data)).toBeUndefined();
});

test("the newest stay for which there is room, and the one in use", () => {
  const opened = ["a", "b", "c", "d"].reduce<readonly FileAtHand[]>(
    (before, name) => withOpened(before, largeImages(name)),
    [],
  );
  expect(namesOf(opened)).toEqual(["b", "c", "d"]);
  expect(namesOf(withOpened(opened, largeImages("e")))).toEqual(["c", "d", "e"]);
  expect(namesOf(withOpened(opened, largeImages("e"), "b"))).toEqual(["b", "c", "d", "e"]);
});

test("a file takes the place of one of its name, as the newest", async () => {
  let opened = withOpened([], await tableOf("a.csv", rows));
  opened = withOpened(opened, await tableOf("b.csv", rows));
  opened = withOpened(opened, await tableOf("a.csv", [...rows, "3,c"]));
  expect(opened.map(({ preview }) => [preview.name, preview.rows])).toEqual([
    ["b.csv", 2],
    ["a.csv", 3],
  ]);
});
