import type { Browser } from "puppeteer-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type Gpu, type Look, launch, Playground } from "./browser.ts";
import { type Site, serveSite } from "./site.ts";

const themes = ["light", "dark"] as const;
const sizes = [
  { width: 1440, height: 900 },
  { width: 820, height: 1180 },
  { width: 390, height: 844 },
];
const looks: readonly Look[] = themes.flatMap((theme) => sizes.map((size) => ({ theme, ...size })));

export interface Journey {
  readonly playground: Playground;
  readonly look: Look;
  /** Takes a picture of the state at hand, and holds it to have no barrier and not to scroll sideways. */
  readonly arrive: (state: string) => Promise<void>;
}

/** A person's way through the page, done in both themes at three widths. */
export type Everywhere = (name: string, hash: string, walk: (journey: Journey) => Promise<void>) => void;

/** To be called once per file: journeys share a browser and a site. */
export function createEverywhere(gpu: Gpu = "none"): Everywhere {
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

  return (name, hash, walk) => {
    test.each(looks)(`${name}, $theme, $width px`, async (look) => {
      const playground = await Playground.open(browser, site.url + hash, look);
      await walk({
        playground,
        look,
        arrive: async (state) => {
          await playground.screenshot(`${state}-${look.theme}-${look.width}`);
          expect(await playground.overflow(), `${state}: pixels beyond the window`).toBeLessThanOrEqual(0);
          expect(await playground.barriers(), state).toEqual([]);
        },
      });
      expect(playground.problems).toEqual([]);
    });
  };
}
