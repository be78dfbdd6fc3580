import { expect, test } from "vitest";
import { parseTable } from "../../src/data/csv.ts";
import { defaultConfig } from "../../src/session/config.ts";
import { type FileAtHand, fileOf, withOpened } from "../../src/session/openedFiles.ts";

const tableOf = (name: string, rows: readonly string[]) => parseTable(new File([rows.join("\n")], name));
const rows = ["x,kind", "1,a", "2,b"];

const named = (path: string) =>
  ({ ...defaultConfig.data, kind: "file", path, target: "kind", types: {}, missing: "impute" }) as const;

test("the last four files are at hand by their names", async () => {
  let opened: readonly FileAtHand[] = [];
  for (const name of ["a.csv", "b.csv", "c.csv", "d.csv", "e.csv"])
    opened = withOpened(opened, await tableOf(name, rows));
  expect(opened.map(({ preview }) => preview.name)).toEqual(["b.csv", "c.csv", "d.csv", "e.csv"]);
  expect(fileOf(opened, named("c.csv"))).toMatchObject({ name: "c.csv", rows: 2 });
  expect(fileOf(opened, named("a.csv"))).toBeUndefined();
  expect(fileOf(opened, defaultConfig.data)).toBeUndefined();
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
