import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "puppeteer-core";
import { afterAll, beforeAll, inject } from "vitest";
import { type Gpu, type Look, launch, Playground } from "./browser.ts";
import { type Site, serveSite } from "./site.ts";

/** To be called once per file: its tests share a browser and the built site. */
export function createStage(gpu: Gpu = "none") {
  let browser: Browser;
  let site: Site;

  beforeAll(async () => {
    browser = await launch(gpu);
    site = await serveSite(inject("site"));
  });

  afterAll(async () => {
    await browser.close();
    site.close();
  });

  return {
    get browser(): Browser {
      return browser;
    },
    get url(): string {
      return site.url;
    },
    /** Opens the page in a context of its own; `address` is relative to the site. */
    open: (address = "", look: Partial<Look> = {}): Promise<Playground> =>
      Playground.open(browser, new URL(address, site.url).href, look),
  };
}

/** To be called once per file: gives the path of a folder that is there for its tests, and gone after them. */
export function createFolder(): () => string {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "downhill-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return () => folder;
}
