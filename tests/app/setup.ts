import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "vite";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    /** Folder of the built site. */
    readonly site: string;
  }
}

/** Builds the site once for all tests of the page. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const site = await mkdtemp(join(tmpdir(), "downhill-site-"));
  // The test runner's own mode would build a site that nobody visits, with Solid's development build in it.
  const mode = process.env.NODE_ENV;
  process.env.NODE_ENV = "production";
  await build({ logLevel: "error", build: { outDir: site, emptyOutDir: true } });
  process.env.NODE_ENV = mode;
  project.provide("site", site);
  return () => rm(site, { recursive: true, force: true });
}
