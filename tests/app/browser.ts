import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import axe from "axe-core";
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { onTestFinished } from "vitest";

/** WebGPU through SwiftShader, or no WebGPU at all. */
export type Gpu = "swiftshader" | "none";

/** What a page is seen in: a window of so many CSS pixels, in light or dark. */
export interface Look {
  readonly width: number;
  readonly height: number;
  readonly theme: "light" | "dark";
}

const flags: Readonly<Record<Gpu, readonly string[]>> = {
  swiftshader: ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"],
  none: ["--disable-features=WebGPU"],
};

/** Milliseconds that a test waits for the page to come to a state: half of the time that it has. */
const PATIENCE = 120_000;

const names = [process.env.CHROME ?? "", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

function findBrowser(): string {
  for (const name of names.filter((candidate) => candidate !== "")) {
    try {
      return execFileSync("sh", ["-c", `command -v "${name}"`], { encoding: "utf8" }).trim();
    } catch {
      // Not this one; the next may be there.
    }
  }
  throw new Error(`browser: got none of ${names.slice(1).join(", ")}, expected one. Install Chromium or set CHROME.`);
}

/** `settings`: flags for what a reader has set in the browser itself. */
export async function launch(gpu: Gpu, settings: readonly string[] = []): Promise<Browser> {
  const browser = await puppeteer.launch({
    executablePath: findBrowser(),
    args: ["--no-sandbox", "--disable-background-networking", ...flags[gpu], ...settings],
  });
  return browser;
}

/** Rules of WCAG that axe finds broken in a page as it is. */
export async function barriersOf(page: Page): Promise<readonly string[]> {
  if (!(await page.evaluate("'axe' in globalThis"))) await page.evaluate(axe.source);
  const run = 'axe.run({ resultTypes: ["violations"] })';
  const { violations } = (await page.evaluate(run)) as { violations: readonly { id: string }[] };
  return violations.map(({ id }) => id);
}

/** Scrolls as the page does for the focus: what is in the window already can lie under a phone's bars. */
function scrollClear(element: Node): boolean {
  (element as Element).scrollIntoView({ block: "nearest", behavior: "instant" });
  return true;
}

const shots = resolve(import.meta.dirname, "../../build/screenshots");

/** Wraps a page with what the journeys need: controls by their accessible names, readings as numbers. */
export class Playground {
  readonly page: Page;
  readonly problems: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on("pageerror", (error) => this.problems.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") this.problems.push(message.text());
    });
    page.on("request", (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (/^https?:$/.test(protocol) && hostname !== "127.0.0.1") this.problems.push(`request to ${request.url()}`);
    });
  }

  /** Opens the page in a fresh context; it is closed after the test. */
  static async open(browser: Browser, url: string, look: Partial<Look> = {}): Promise<Playground> {
    const { width = 1440, height = 900, theme = "light" } = look;
    const context = await browser.createBrowserContext();
    onTestFinished(() => context.close());
    const page = await context.newPage();
    const playground = new Playground(page);
    await page.setViewport({ width, height });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
    await page.goto(url);
    await playground.button("Step").waitHandle();
    return playground;
  }

  button = (name: string) => this.control(name, "button");
  control = (name: string, role: string) => this.page.locator(`aria/${name}[role="${role}"]`).filter(scrollClear);
  press = (selector: string) => this.page.locator(selector).filter(scrollClear).click();

  /** The text of a live value. */
  reading(name: string): Promise<string> {
    return this.page.$eval(`[role="status"][aria-label="${name}"]`, (element) => element.textContent?.trim() ?? "");
  }

  /** A live value as a number; NaN before there is one. */
  async number(name: string): Promise<number> {
    const text = await this.reading(name);
    return Number(text.replaceAll(/[,\u2009\u202f ]/g, "").replace("−", "-"));
  }

  barriers = (): Promise<readonly string[]> => barriersOf(this.page);

  /** CSS pixels by which the page is wider than its window. */
  overflow(): Promise<number> {
    return this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  }

  alerts(): Promise<readonly string[]> {
    return this.page.$$eval('[role="alert"]', (elements) =>
      elements.map(({ textContent }) => textContent?.trim() ?? ""),
    );
  }

  /** Asks again and again. Throws after a while of which no wait comes near: a test's time-out would not say where. */
  async until<T>(ask: () => Promise<T>, holds: (answer: T) => boolean): Promise<T> {
    const last = Date.now() + PATIENCE;
    for (;;) {
      const answer = await ask();
      if (holds(answer)) return answer;
      if (Date.now() > last) throw new Error(`page: got ${JSON.stringify(answer)} at last, expected ${holds}.`);
      await new Promise((wake) => setTimeout(wake, 50));
    }
  }

  /** Pauses, and waits until the page knows: what changes before that would start a run that plays. */
  async pause(): Promise<void> {
    await this.button("Pause").click();
    await this.button("Play").waitHandle();
  }

  /** Waits until a run has ended at a step by itself. Until its last event the page takes it for one that goes on. */
  async untilEnded(step: number): Promise<void> {
    await this.until(
      () => this.number("Step"),
      (now) => now === step,
    );
    await this.button("Play").waitHandle();
  }

  async select(name: string, label: string): Promise<void> {
    const select = await this.page.waitForSelector(`aria/${name}[role="combobox"]`);
    const value = await select?.evaluate((element, wanted) => {
      const options = [...(element as HTMLSelectElement).options];
      return options.find(({ text }) => text === wanted)?.value;
    }, label);
    if (value === undefined) throw new Error(`${name}: got no option "${label}"`);
    await select?.select(value);
  }

  /** Chooses in a group of radio buttons. */
  async choose(group: string, label: string): Promise<void> {
    const radios = await this.page.waitForSelector(`aria/${group}[role="radiogroup"]`);
    const radio = await radios?.waitForSelector(`aria/${label}[role="radio"]`);
    await radio?.evaluate((element) => (element as HTMLInputElement).click());
  }

  /** Types a value into a spinbutton. */
  async type(name: string, value: string): Promise<void> {
    const control = this.control(name, "spinbutton");
    await control.fill(value);
    // A value that was there before was not typed, and something else may have the focus
    const input = await control.waitHandle();
    await input.press("Enter");
  }

  /** Opens a file through the page's file chooser. */
  async openFile(path: string): Promise<void> {
    const [chooser] = await Promise.all([this.page.waitForFileChooser(), this.button("Open file").click()]);
    await chooser.accept([path]);
  }

  async screenshot(name: string): Promise<void> {
    mkdirSync(shots, { recursive: true });
    await this.page.screenshot({ path: join(shots, `${name}.png`) });
  }
}
