import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, inject, test } from "vitest";

/** Bytes, gzipped, of the scripts that a visit starts with: the page's and its worker's, with all that they import. */
const MOST = 150_000;

const assets = join(inject("site"), "assets");
const read = (name: string) => readFileSync(join(assets, name), "utf8");
const gzipped = (names: Iterable<string>): number =>
  [...names].reduce((sum, name) => sum + gzipSync(read(name), { level: 9 }).length, 0);
const namesIn = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].flatMap(([, name]) => (name === undefined ? [] : [name]));

/** A script and those that it imports when it loads; what it imports later is not among them. */
function closure(name: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(name)) return found;
  found.add(name);
  for (const next of namesIn(read(name), /(?:from|import)\s*["'`]\.\/([\w.-]+\.js)["'`]/g)) closure(next, found);
  return found;
}

const html = readFileSync(join(inject("site"), "index.html"), "utf8");
const [entry = ""] = namesIn(html, /<script[^>]+src="\.\/assets\/([\w.-]+\.js)"/g);
const page = closure(entry);
const workers = [...page].flatMap((name) => namesIn(read(name), /["'`](?:[\w./]*\/)?(worker-[\w-]+\.js)["'`]/g));

test("the page starts one worker, and its preloaded scripts are among those that it imports", () => {
  expect(new Set(workers).size).toBe(1);
  const preloaded = namesIn(html, /rel="modulepreload"[^>]+href="\.\/assets\/([\w.-]+\.js)"/g);
  expect(preloaded.filter((name) => !page.has(name))).toEqual([]);
});

test("the scripts that a visit starts with are at most 150 kB gzipped", () => {
  const all = new Set([...page, ...workers.flatMap((worker) => [...closure(worker)])]);
  const sizes = Object.fromEntries([...all].map((name) => [name, gzipped([name])]));
  expect(gzipped(all), JSON.stringify(sizes)).toBeLessThanOrEqual(MOST);
  // A site of which nothing was found would be small as well.
  expect(gzipped(all)).toBeGreaterThan(80_000);
});

test("the page holds no shader, and the worker's have no comments", () => {
  const scripts = readdirSync(assets).filter((name) => name.endsWith(".js"));
  const withShaders = scripts.filter((name) => /@compute/.test(read(name)));
  expect(withShaders.length).toBeGreaterThan(0);
  expect(withShaders.filter((name) => page.has(name))).toEqual([]);
  expect(withShaders.filter((name) => read(name).includes("Each invocation owns"))).toEqual([]);
});

test("the CPU's kernels are files of their own, not text in a script", () => {
  expect(readdirSync(assets).filter((name) => /^kernels-\w+-.+\.wasm$/.test(name))).toHaveLength(2);
});
