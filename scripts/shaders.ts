import { readFile } from "node:fs/promises";
import type { Plugin } from "vite";
import { forSite } from "./site.ts";

const SHADER = /^(.*\.wgsl)\?raw$/;

/** WGSL without comments and indentation. Lines stay lines, so that a compiler's message still names the right one. */
export const leanWgsl = (text: string): string =>
  text
    .split("\n")
    .map((line) => line.replace(/\/\/.*$/, "").trim())
    .join("\n");

/**
 * Makes the site's scripts smaller. The page reads the same definitions as its worker, and never runs their kernels: no
 * shader's text goes into it. The worker gets the text without comments.
 */
export function shaders(part: "page" | "worker"): Plugin {
  return {
    name: "downhill:shaders",
    apply: forSite,
    enforce: "pre",
    async load(id) {
      const [, path] = id.match(SHADER) ?? [];
      if (path === undefined) return undefined;
      const text = part === "page" ? "" : leanWgsl(await readFile(path, "utf8"));
      return { code: `export default ${JSON.stringify(text)};`, moduleType: "js" };
    },
  };
}
