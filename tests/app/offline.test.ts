import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import type { Browser, Page } from "puppeteer-core";
import { afterAll, beforeAll, beforeEach, expect, inject, onTestFinished, test } from "vitest";
import { launch, Playground } from "./browser.ts";
import { type Site, serveSite } from "./site.ts";

/** The site lies in a folder of its server: nothing may depend on being at the root. */
const folder = "some/where/";

let browser: Browser;
let root: string;
let site: Site;

beforeAll(async () => {
  browser = await launch("none");
});
afterAll(() => browser.close());

/** A server of its own for each test, so that no worker of another one answers. */
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "downhill-offline-"));
  await cp(inject("site"), join(root, folder), { recursive: true });
  site = await serveSite(root);
  onTestFinished(async () => {
    site.close();
    await rm(root, { recursive: true, force: true });
  });
});

const visit = () => Playground.open(browser, site.url + folder);
/** When the site is in the browser and its worker answers. */
const kept = (page: Page) =>
  page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    if (active === null || active.state === "activated") return;
    await new Promise<void>((resolve) => active.addEventListener("statechange", () => resolve(), { once: true }));
  });
const trains = (playground: Playground) =>
  playground.until(
    () => playground.number("Step"),
    (step) => step > 20,
  );

test("after one visit the page opens without a network, trains, and is still isolated for threads", async () => {
  const playground = await visit();
  const { page } = playground;
  await kept(page);
  site.close();
  await expect(fetch(site.url)).rejects.toThrow();
  await page.reload();
  await trains(playground);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await page.goto(`${site.url}${folder}bench.html`);
  expect(await page.title()).toMatch(/GPU against CPU/);
  expect(playground.problems).toEqual([]);
});

test("with a network, too, a second visit gets its files from the browser, and asks only for a newer version", async () => {
  const { page } = await visit();
  await kept(page);
  const requests: string[] = [];
  page.on("response", (response) => {
    if (!response.fromServiceWorker()) requests.push(new URL(response.url()).pathname);
  });
  await page.reload({ waitUntil: "load" });
  expect(requests.filter((path) => !path.endsWith("sw.js"))).toEqual([]);
});

test("a newer version is offered in words, changes nothing by itself, and comes when the user says so", async () => {
  const playground = await visit();
  const { page } = playground;
  await kept(page);
  const index = join(root, folder, "index.html");
  const worker = join(root, folder, "sw.js");
  await writeFile(index, (await readFile(index, "utf8")).replace("<title>", "<title>Newer "));
  await writeFile(worker, (await readFile(worker, "utf8")).replace(/"version":"\w+"/, '"version":"newer"'));
  await page.reload();
  expect(await page.title()).toMatch(/^Downhill/);
  await page.waitForSelector('aria/Newer version[role="status"]');
  const before = await trains(playground);
  await playground.until(
    () => playground.number("Step"),
    (step) => step > before,
  );
  expect(await page.title()).toMatch(/^Downhill/);
  await Promise.all([page.waitForNavigation(), playground.button("Load it now").click()]);
  expect(await page.title()).toMatch(/^Newer/);
});

test("where a host sends no isolation headers, the second visit is isolated all the same", async () => {
  const plain = createServer(async (request, response) => {
    const path = join(root, new URL(request.url ?? "/", "http://localhost").pathname);
    const body = await readFile(path.endsWith("/") ? `${path}index.html` : path).catch(() => undefined);
    const types: Readonly<Record<string, string>> = {
      ".js": "text/javascript",
      ".css": "text/css",
      ".svg": "image/svg+xml",
    };
    response.writeHead(body === undefined ? 404 : 200, { "Content-Type": types[extname(path)] ?? "text/html" });
    response.end(body);
  });
  await new Promise<void>((resolve) => plain.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => plain.closeAllConnections());
  onTestFinished(() => void plain.close());
  const { port } = plain.address() as AddressInfo;
  const playground = await Playground.open(browser, `http://127.0.0.1:${port}/${folder}`);
  const { page } = playground;
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  await kept(page);
  await page.reload();
  await trains(playground);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
});

test("the site can be installed: a name, a start in its own folder, and icons of both kinds that are there", async () => {
  const { page } = await visit();
  const manifest = await page.evaluate(async () => {
    const link = document.querySelector<HTMLLinkElement>('link[rel="manifest"]');
    return { url: link?.href ?? "", ...(await (await fetch(link?.href ?? "")).json()) };
  });
  expect(manifest).toMatchObject({ name: "Downhill", display: "standalone" });
  expect(new URL(manifest.start_url, manifest.url).href).toBe(site.url + folder);
  const icons: readonly { src: string; sizes: string; purpose: string }[] = manifest.icons;
  expect(icons.filter(({ sizes, purpose }) => sizes === "512x512" && purpose === "maskable")).toHaveLength(1);
  expect(icons.filter(({ sizes, purpose }) => sizes === "192x192" && purpose === "any")).toHaveLength(1);
  const answers = await Promise.all(icons.map(({ src }) => fetch(new URL(src, manifest.url))));
  expect(answers.map(({ status }) => status)).toEqual(icons.map(() => 200));
});
