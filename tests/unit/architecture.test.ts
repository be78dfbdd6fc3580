import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");

/** Which folders of src/ a folder may import from, besides itself. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  data: ["lib"],
  engine: ["lib"],
  devices: ["engine", "lib"],
  session: ["devices", "engine", "data", "lib"],
  headless: ["session", "devices", "engine", "data", "lib"],
  bench: ["session", "devices", "engine", "data", "lib"],
  sw: [],
  ui: ["bench", "session", "engine", "data", "lib"],
};

/** Shaders belong to the definitions that own them, and to the device that links them. */
const mayImportShaders = ["engine", "devices/webgpu"];

const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .filter((path) => /\.tsx?$/.test(path) && path.includes("/"))
  .map((path) => ({ path, text: readFileSync(join(root, "src", path), "utf8") }));

const importsOf = (text: string) => [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(([, path]) => path!);

/** The folders of src/ that a file imports from by relative path. */
function targetsOf({ path, text }: { path: string; text: string }): readonly string[] {
  const relativePaths = importsOf(text).filter((target) => target.startsWith("."));
  const resolved = relativePaths.map((target) =>
    relative(join(root, "src"), resolve(root, "src", dirname(path), target)),
  );
  return resolved.map((target) => target.split("/")[0]!);
}

test("every folder of src has its place in the table", () => {
  const folders = new Set(sources.map(({ path }) => path.split("/")[0]!));
  expect([...folders].sort()).toEqual(Object.keys(mayImport).sort());
});

test.each(sources)("src/$path imports only from the folders below its own", (source) => {
  const folder = source.path.split("/")[0]!;
  const allowed = new Set([folder, ...(mayImport[folder] ?? [])]);
  const forbidden = targetsOf(source).filter((target) => !allowed.has(target));
  expect(forbidden).toEqual([]);
});

test("only the engine's definitions and the WebGPU device import shaders", () => {
  const importers = sources.filter(({ text }) => importsOf(text).some((target) => target.startsWith("#shaders/")));
  const strangers = importers.filter(({ path }) => !mayImportShaders.some((folder) => path.startsWith(`${folder}/`)));
  expect(strangers.map(({ path }) => path)).toEqual([]);
  expect(importers.length).toBeGreaterThan(10);
});

test("one file alone imports uPlot", () => {
  const importers = sources.filter(({ text }) => importsOf(text).includes("uplot"));
  expect(importers.map(({ path }) => path)).toEqual(["ui/plots/UPlot.tsx"]);
});

test("WGSL never tests a number against itself, which compilers fold away", () => {
  const shaders = readdirSync(join(root, "shaders"), { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".wgsl"),
  );
  expect(shaders.length).toBeGreaterThan(15);
  const code = (path: string) => readFileSync(join(root, "shaders", path), "utf8").replace(/\/\/.*$/gm, "");
  const folded = shaders.filter((path) => /\b([\w.]+)\s*!=\s*\1\b/.test(code(path)));
  expect(folded).toEqual([]);
});
