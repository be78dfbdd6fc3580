import type { Browser } from "puppeteer-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { launch, Playground } from "./browser.ts";
import { type Site, serveSite } from "./site.ts";

let browser: Browser;
let site: Site;

beforeAll(async () => {
  browser = await launch("swiftshader");
  site = await serveSite(inject("site"));
});

afterAll(async () => {
  await browser.close();
  site.close();
});

const themes = ["light", "dark"] as const;
const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
  { width: 360, height: 740 },
];
const states = [
  { state: "spirals", hash: "" },
  { state: "sine", hash: "#v=1&data=sine&loss=mse" },
  { state: "digits", hash: "#v=1&data=digits&data.size=500" },
  { state: "nonsense", hash: "#v=1&data=nowhere" },
];
const looks = themes.flatMap((theme) => sizes.flatMap((size) => states.map((state) => ({ theme, ...size, ...state }))));

test.each(looks)("$state in $theme at $width px has no barrier and does not scroll sideways", async (look) => {
  const { theme, width, height, state, hash } = look;
  const playground = await Playground.open(browser, site.url + hash, { theme, width, height });
  await playground.until(
    () => playground.number("Step"),
    (step) => step > 0,
  );
  await playground.button("Pause").click();
  await playground.button("Play").waitHandle();
  await playground.screenshot(`${state}-${theme}-${width}`);
  expect(await playground.overflow()).toBeLessThanOrEqual(0);
  expect(await playground.barriers()).toEqual([]);
});
