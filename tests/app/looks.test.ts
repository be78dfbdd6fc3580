import type { Page } from "puppeteer-core";
import { expect, onTestFinished, test } from "vitest";
import { launch, Playground } from "./browser.ts";
import { createStage } from "./stage.ts";

const stage = createStage("swiftshader");

const themes = ["light", "dark"] as const;
const sizes = [
  { width: 1440, height: 900 },
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
  const playground = await stage.open(hash, { theme, width, height });
  await playground.until(
    () => playground.number("Step"),
    (step) => step > 0,
  );
  await playground.pause();
  await playground.screenshot(`${state}-${theme}-${width}`);
  expect(await playground.overflow()).toBeLessThanOrEqual(0);
  expect(await playground.barriers()).toEqual([]);
});

/** From the smallest phone to a screen of 4K. */
const windows = [
  { width: 360, height: 740 },
  { width: 390, height: 844 },
  { width: 768, height: 1024 },
  { width: 820, height: 1180 },
  { width: 1024, height: 768 },
  { width: 1280, height: 800 },
  { width: 1440, height: 900 },
  { width: 1920, height: 1080 },
  { width: 2560, height: 1440 },
  { width: 3840, height: 2160 },
];

/** Controls and readings that lie upon each other or beyond the bar's end, and controls smaller than `least`. */
const misplaced = (
  page: Page,
  least: { readonly width: number; readonly height: number },
): Promise<readonly string[]> =>
  page.evaluate((target) => {
    // What has no room stays for assistive technology, clipped
    const isCut = (element: Element | null): boolean =>
      element !== null && (getComputedStyle(element).clipPath !== "none" || isCut(element.parentElement));
    const controls = [...document.querySelectorAll<HTMLElement>("button, select, a, input, summary, h1, .status")];
    const boxes = controls
      // What is invisible over its label stands for it
      .map((control) => (control.matches(":is(.tab, .seg label) input") ? control.parentElement : control) ?? control)
      .filter((control) => control.checkVisibility({ visibilityProperty: true }))
      .filter((control) => control.closest(".sr, [hidden]") === null && !isCut(control))
      .map((control) => ({ control, box: control.getBoundingClientRect() }));
    const name = ({ control }: { readonly control: HTMLElement }) =>
      control.ariaLabel ?? `${control.tagName} ${control.textContent?.trim().slice(0, 30)}`;
    // Words may be links of any height
    const small = boxes.filter(
      ({ control, box }) =>
        !control.matches("a, input, h1, .status") && (box.width < target.width || box.height < target.height),
    );
    const isFixed = ({ control }: { readonly control: HTMLElement }) => control.closest(".top") !== null;
    const upon = boxes.flatMap((one, index) =>
      boxes.slice(index + 1).flatMap((other) => {
        if (isFixed(one) !== isFixed(other) || one.control.contains(other.control)) return [];
        const [width, height] = [
          Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left),
          Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top),
        ];
        // Margins of icons may reach under each other
        return width > 8 && height > 2 ? [`${name(one)} upon ${name(other)}`] : [];
      }),
    );
    const beyond = boxes.filter((each) => isFixed(each) && each.box.right > innerWidth + 1);
    return [
      ...small.map((each) => `${name(each)} is small`),
      ...beyond.map((each) => `${name(each)} is beyond`),
      ...upon,
    ];
  }, least);

/** Text that ends at the edge of its box although nothing says so. */
const cutOff = (page: Page): Promise<readonly string[]> =>
  page.$$eval("button, h2, h3, label, th, dt, dd, strong, .status", (elements) =>
    elements
      .filter((element) => {
        const { overflowX, textOverflow, clipPath } = getComputedStyle(element);
        const isHidden = clipPath !== "none" || element.closest(".sr") !== null;
        return (
          !isHidden &&
          textOverflow !== "ellipsis" &&
          overflowX !== "visible" &&
          element.scrollWidth > element.clientWidth + 1
        );
      })
      .map(({ textContent }) => textContent ?? ""),
  );

/** Below this width all is made for a thumb: rows of 44 pixels, less the lines between them. */
const phone = 760;
const thumb = { width: 24, height: 40 };
const pointer = { width: 24, height: 24 };

test.each(themes)("from 360 px to 4K everything in %s has its place and its size", async (theme) => {
  const playground = await stage.open("#v=1&device=cpu&stopping.steps=300", { theme });
  const { page } = playground;
  await playground.untilEnded(300);
  for (const { width, height } of windows) {
    await page.setViewport({ width, height });
    // The plots draw themselves anew, and say by a picture that they have
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    await playground.screenshot(`window-${theme}-${width}`);
    expect(await playground.overflow(), `${width} px`).toBeLessThanOrEqual(0);
    expect(await misplaced(page, width <= phone ? thumb : pointer), `${width} px`).toEqual([]);
    expect(await cutOff(page), `${width} px`).toEqual([]);
    expect(await playground.barriers(), `${width} px`).toEqual([]);
  }
});

/** Device pixels over which the darkest and the lightest of a row of digits on an axis lie, as a measure of its size. */
const axisFont = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const axis = document.querySelector<HTMLElement>(".plot .u-axis");
    return axis?.getBoundingClientRect().height ?? 0;
  });

test("at 4K text, icons and what is drawn are larger together", async () => {
  const playground = await stage.open("#v=1&device=cpu&stopping.steps=300");
  const { page } = playground;
  await playground.untilEnded(300);
  const sizesOf = async () => ({
    text: await page.$eval(".card h2", (heading) => Number.parseFloat(getComputedStyle(heading).fontSize)),
    icon: await page.$eval(".icon", (icon) => icon.getBoundingClientRect().width),
    axis: await axisFont(page),
  });
  const usual = await sizesOf();
  await page.setViewport({ width: 3840, height: 2160 });
  const large = await playground.until(sizesOf, ({ axis }) => axis > usual.axis);
  const growth = large.text / usual.text;
  expect(growth).toBeGreaterThan(1.5);
  expect(large.icon / usual.icon).toBeCloseTo(growth, 1);
  expect(large.axis / usual.axis).toBeCloseTo(growth, 1);
});

test.each([1440, 820, 390])("at %d px nothing is lost for a reader with text of twice the size", async (width) => {
  const largePrint = await launch("none", ["--blink-settings=defaultFontSize=32,minimumFontSize=0"]);
  onTestFinished(() => largePrint.close());
  const playground = await Playground.open(largePrint, `${stage.url}#v=1&device=cpu&stopping.steps=300`, {
    width,
    height: 900,
  });
  const { page } = playground;
  await playground.untilEnded(300);
  expect(await page.$eval("body", (body) => Number.parseFloat(getComputedStyle(body).fontSize))).toBe(26);
  await playground.screenshot(`large-print-${width}`);
  expect(await playground.overflow()).toBeLessThanOrEqual(0);
  expect(await misplaced(page, thumb)).toEqual([]);
  expect(await cutOff(page)).toEqual([]);
  expect(await playground.barriers()).toEqual([]);

  await page.goto(`${stage.url}bench.html`);
  await page.waitForSelector("::-p-text(GPU against CPU, on this machine)");
  await playground.screenshot(`large-print-benchmark-${width}`);
  expect(await playground.overflow()).toBeLessThanOrEqual(0);
  expect(await cutOff(page)).toEqual([]);
  expect(await playground.barriers()).toEqual([]);
});
