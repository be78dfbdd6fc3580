import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, inject, onTestFinished, test } from "vitest";
import { launch, Playground } from "./browser.ts";
import { serveSite } from "./site.ts";
import { createFolder, createStage } from "./stage.ts";

const stage = createStage("swiftshader");
const folder = createFolder();

/** The page goes on: `Step` takes another step and leaves the run paused, also where it was about to start by itself. */
async function expectAlive(playground: Playground): Promise<void> {
  const before = await playground.number("Step");
  await playground.button("Step").click();
  await playground.until(
    () => playground.number("Step"),
    (step) => step > (Number.isNaN(before) ? 0 : before),
  );
  await playground.button("Play").waitHandle();
}

const files: readonly { name: string; content: string | Uint8Array; message: RegExp }[] = [
  { name: "ragged.csv", content: "a,b,label\n1,2,x\n3,4\n5,6,y\n", message: /line 3.*got 2.*expected 3/i },
  { name: "headless.csv", content: "5.1,3.5,1.4\n4.9,3.0,1.4\n", message: /header|first line|names/i },
  { name: "narrow.csv", content: "a\n1\n2\n3\n", message: /column/i },
  { name: "empty.csv", content: "", message: /empty/i },
  { name: "long.csv", content: new Uint8Array(50 * 2 ** 20).fill(65), message: /line|characters/i },
  {
    name: "binary.csv",
    content: Uint8Array.from({ length: 5000 }, (_, index) => (index * 7) % 256),
    message: /text|binary|UTF-8/i,
  },
];

test.each(files)("$name is refused with a reason, and the page goes on", async ({ name, content, message }) => {
  const path = join(folder(), name);
  await writeFile(path, content);
  const playground = await stage.open();
  await playground.openFile(path);
  const alerts = await playground.until(
    () => playground.alerts(),
    (list) => list.length > 0,
  );
  expect(alerts.join(" ")).toMatch(message);
  await playground.screenshot(`trouble-${name}`);
  await expectAlive(playground);
  expect(playground.problems).toEqual([]);
});

test("nonsense in the address is named, and the rest of it holds", async () => {
  const playground = await stage.open("#v=1&data=moons&optimizer.learningRate=banana&foo=%E0%A4%A");
  const alerts = await playground.until(
    () => playground.alerts(),
    (list) => list.length > 0,
  );
  expect(alerts.join(" ")).toMatch(/learningRate/);
  const dataset = await playground.page.$eval(
    'aria/Dataset[role="combobox"]',
    (element) => (element as HTMLSelectElement).value,
  );
  expect(dataset).toBe("moons");
  await expectAlive(playground);
});

test("a number out of range is refused by name, and the old one stays", async () => {
  const playground = await stage.open();
  await playground.type("Learning rate", "-1");
  const alerts = await playground.until(
    () => playground.alerts(),
    (list) => list.length > 0,
  );
  expect(alerts.join(" ")).toMatch(/0 to 100/);
  expect(playground.page.url()).not.toContain("learningRate=-1");
});

test("a kernel that does not compile is named with its line, and the CPU still trains", async () => {
  const spoiled = await serveSite(inject("site"), (script) =>
    script.replaceAll("return tanhAccurate(x)", "return nothing(x)"),
  );
  const playground = await stage.open(`${spoiled.url}#v=1&device=webgpu`);
  const alerts = await playground.until(
    () => playground.alerts(),
    (list) => list.length > 0,
  );
  expect(alerts.join(" ")).toMatch(/linearForward: got WGSL that does not compile, line \d+/);
  const line = await playground.page.$eval('[aria-label="What is happening"]', ({ textContent }) => textContent);
  expect(line).toContain("The run could not start.");
  await playground.screenshot("trouble-wgsl");
  await playground.choose("Device", "CPU");
  await playground.until(
    () => playground.reading("Device in use"),
    (text) => text.startsWith("CPU"),
  );
  await expectAlive(playground);
  spoiled.close();
});

test("without WebGPU the page says so when a GPU is asked for, and trains on the CPU", async () => {
  const plain = await launch("none");
  onTestFinished(() => plain.close());
  const playground = await Playground.open(plain, `${stage.url}#v=1&device=webgpu`);
  const alerts = await playground.until(
    () => playground.alerts(),
    (list) => list.length > 0,
  );
  expect(alerts.join(" ")).toMatch(/WebGPU.*Choose CPU/);
  expect(await playground.reading("Device in use")).toMatch(/^CPU/);
  await expectAlive(playground);
  await playground.screenshot("trouble-no-webgpu");
});

test("a GPU process that crashes costs no more than a notice: training goes on", async () => {
  const crashing = await launch("swiftshader");
  onTestFinished(() => crashing.close());
  const playground = await Playground.open(crashing, `${stage.url}#v=1&device=webgpu`);
  await playground.until(
    () => playground.number("Step"),
    (step) => step > 10,
  );
  const session = await crashing.target().createCDPSession();
  await session.send("Browser.crashGpuProcess" as never).catch(() => undefined);
  const notice = await playground.until(
    () => playground.page.evaluate(() => document.body.innerText),
    (text) => /GPU was lost/i.test(text),
  );
  expect(notice).toMatch(/Training goes on at step \d+/);
  const before = await playground.number("Step");
  await playground.until(
    () => playground.number("Step"),
    (step) => step > before,
  );
  await playground.screenshot("trouble-lost-gpu");
});
