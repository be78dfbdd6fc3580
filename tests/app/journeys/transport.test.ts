import { expect } from "vitest";
import type { Playground } from "../browser.ts";
import { createEverywhere, type Journey } from "../everywhere.ts";
import { said, untilSaid } from "./sights.ts";

const everywhere = createEverywhere();

/** Steps after which the run stops, and steps that see all of its 70 training examples, 32 at a time. */
const STEPS = 30;
const STEPS_PER_EPOCH = 3;
const hash = `#v=1&device=cpu&data=moons&data.size=100&model.layers=8tanh&stopping.steps=${STEPS}`;

const moves = ["Forward", "Loss", "Backward", "Update"];

const step = (playground: Playground) => playground.number("Step");
const untilStep = (playground: Playground, wanted: number) =>
  playground.until(
    () => step(playground),
    (now) => now === wanted,
  );
const seeds = ({ page }: Playground) => {
  const fields = new URLSearchParams(new URL(page.url()).hash.slice(1));
  return { model: fields.get("model.seed"), data: fields.get("data.seed") };
};

/** The move that is marked, and the number that stands with it. */
const currentMove = ({ page }: Playground) =>
  page.$$eval('[aria-label="The four moves of a step"] [aria-current="step"]', ([move]) => ({
    name: move?.querySelector("h3")?.textContent ?? "",
    value: move?.querySelector("b")?.textContent ?? "",
  }));

/** What the move gave, with the layers of the network that it names. */
const given = ({ page }: Playground) =>
  page.$$eval('[aria-label="What the move gave"]', ([section]) => ({
    text: section?.textContent ?? "",
    layers: [...(section?.querySelectorAll("dt") ?? [])].map(({ textContent }) => textContent?.trim()),
    units: [...(section?.querySelectorAll(".units") ?? [])].map(({ children }) => children.length),
  }));

const isMenuOpen = ({ page }: Playground) =>
  page.$$eval(
    'fieldset[aria-label="Speed and limits of the run"]',
    ([menu]) => menu?.matches(":popover-open") ?? false,
  );

async function openMenu(playground: Playground): Promise<void> {
  if (!(await isMenuOpen(playground))) await playground.button("Speed and limits").click();
  await playground.control("Full speed", "checkbox").waitHandle();
}

/** What a screen has no room for in its bar is in the menu. */
async function press({ playground, look }: Journey, name: string, narrowOnly = true): Promise<void> {
  if (!narrowOnly || look.width <= 900) await openMenu(playground);
  await playground.button(name).click();
}

/** Puts the menu away, or the focus on the page, where keys are commands. */
async function leave({ page }: Playground): Promise<void> {
  await page.keyboard.press("Escape");
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
}

/** Plays, with a limit set by the menu's field, until the run says that it has ended by itself. */
async function playUntil(playground: Playground, limit: string, amount: string, sentence: RegExp): Promise<void> {
  await openMenu(playground);
  await playground.type(limit, amount);
  await leave(playground);
  await playground.button("Play").click();
  await untilSaid(playground, sentence);
  await playground.button("Play").waitHandle();
  await openMenu(playground);
  await playground.type(limit, "0");
}

everywhere("a step is taken apart into its moves, on the network", hash, async (journey) => {
  const { playground, arrive } = journey;
  await playground.untilEnded(STEPS);
  await playground.button("Reset").click();
  await untilSaid(playground, /^Ready/);
  expect(await playground.reading("Epoch")).toBe("0.0");
  const shown = new Map<string, string>();
  for (const name of moves) {
    await playground.button("One move").click();
    const { value } = await playground.until(
      () => currentMove(playground),
      (move) => move.name === name,
    );
    shown.set(name, value);
    const { text, layers, units } = await playground.until(
      () => given(playground),
      (report) => report.text.startsWith(`${name} of step 1`),
    );
    if (name === "Loss") expect(text).toMatch(/right answers\d+examples32/);
    else {
      expect(layers).toEqual(["layer 1 8 tanh", "layer 2 2 outputs"]);
      expect(units).toEqual([8, 2]);
    }
    expect(await step(playground)).toBe(name === "Update" ? 1 : 0);
    await playground.page.$eval('[aria-label="What the move gave"]', (section) =>
      section.scrollIntoView({ block: "center" }),
    );
    if (name !== "Forward") await arrive(`transport-${name.toLowerCase()}`);
  }
  // The plots' readings of the whole step are what its moves gave
  expect(shown.get("Loss")).toBe(await playground.reading("Training loss"));
  expect(shown.get("Backward")).toBe(await playground.reading("Gradient norm"));
  await playground.button("Step").click();
  await untilStep(playground, 2);
  expect((await given(playground)).text).toBe("");
});

everywhere("a run goes by steps and epochs, to limits, at any speed, and starts afresh", hash, async (journey) => {
  const { playground, arrive } = journey;
  await playground.untilEnded(STEPS);
  expect(await said(playground)).toContain(`Stopped after ${STEPS} steps`);
  expect(await playground.reading("Epoch")).toBe("10.0");
  await playground.button("Reset").click();
  await untilSaid(playground, /^Ready/);
  const start = await playground.reading("Validation loss");
  await playground.button("Step").click();
  await untilStep(playground, 1);
  expect(await playground.reading("Epoch")).toBe("0.4");
  for (const epochs of [1, 2]) {
    await press(journey, "One epoch");
    await untilStep(playground, epochs * STEPS_PER_EPOCH);
    await playground.button("Play").waitHandle();
    expect(await playground.number("Epoch")).toBe(epochs);
  }
  await openMenu(playground);
  await playground.type("Steps", "0");
  await playUntil(playground, "Epochs", "4", /Stopped after 4 epochs/);
  expect(await step(playground)).toBe(4 * STEPS_PER_EPOCH);
  expect(await playground.number("Epoch")).toBe(4);
  await playUntil(playground, "Seconds", "1", /Stopped after 1 s/);
  const late = await step(playground);
  expect(late).toBeGreaterThan(4 * STEPS_PER_EPOCH);

  await playground.control("Full speed", "checkbox").click();
  await playground.type("Speed", "0.01");
  expect(await playground.alerts()).toEqual([expect.stringMatching(/Speed.*0\.1 to 1,?000/)]);
  await playground.type("Speed", "8");
  await arrive("transport-menu");
  await leave(playground);
  await playground.button("Play").click();
  // Slow enough to be seen move by move
  const seen = new Set<string>();
  await playground.until(
    async () => seen.add((await currentMove(playground)).name),
    () => moves.every((name) => seen.has(name)),
  );
  expect(await playground.reading("Speed")).toBe("8/s");
  await arrive("transport-slow");
  await openMenu(playground);
  await playground.control("Full speed", "checkbox").click();
  await leave(playground);
  await playground.until(
    () => step(playground),
    (now) => now > late + 200,
  );
  await playground.button("Pause").click();
  await playground.button("Play").waitHandle();

  await playground.button("Reset").click();
  await untilSaid(playground, /^Ready/);
  expect(await playground.reading("Validation loss")).toBe(start);
  const before = seeds(playground);
  const untilOther = (loss: string) =>
    playground.until(
      () => playground.reading("Validation loss"),
      (now) => now !== loss && now !== "–",
    );
  await press(journey, "New weights", false);
  const withOtherWeights = await untilOther(start);
  expect(seeds(playground)).toEqual({ model: expect.not.stringMatching(`^${before.model}$`), data: before.data });
  await press(journey, "New data", false);
  await untilOther(withOtherWeights);
  expect(seeds(playground).data).not.toBe(before.data);
  expect(await step(playground)).toBe(0);
});

everywhere("everything has a key, keys are listed, and single ones can be switched off", hash, async (journey) => {
  const { playground, arrive, look } = journey;
  const { page } = playground;
  const { keyboard } = page;
  const control = async (key: "z" | "y", shift = false) => {
    await keyboard.down("Control");
    if (shift) await keyboard.down("Shift");
    await keyboard.press(key);
    if (shift) await keyboard.up("Shift");
    await keyboard.up("Control");
  };
  const untilSeeds = (name: "model" | "data", isAsked: (seed: string | null) => boolean) =>
    playground.until(async () => seeds(playground)[name], isAsked);
  const rate = () => page.$$eval('[role="status"][aria-label="Speed"]', ([status]) => status?.textContent ?? "");
  await playground.untilEnded(STEPS);
  await leave(playground);

  await keyboard.press("r");
  await untilStep(playground, 0);
  for (const name of moves) {
    await keyboard.press("m");
    await playground.until(
      () => currentMove(playground),
      (move) => move.name === name,
    );
  }
  await untilStep(playground, 1);
  await keyboard.press("s");
  await untilStep(playground, 2);
  await keyboard.press("e");
  await playground.untilEnded(STEPS_PER_EPOCH);
  for (const speed of ["1,000/s", "500/s"]) {
    await keyboard.press(",");
    await playground.until(rate, (text) => text === speed);
  }
  await keyboard.press(".");
  await playground.until(rate, (text) => text === "1,000/s");
  await keyboard.press("f");
  await playground.until(rate, (text) => text === "");
  await keyboard.press("Space");
  await playground.untilEnded(STEPS);

  const first = seeds(playground);
  for (const [key, name] of [
    ["w", "model"],
    ["d", "data"],
    ["n", "model"],
  ] as const) {
    const before = seeds(playground)[name];
    await keyboard.press(key);
    const after = await untilSeeds(name, (seed) => seed !== before);
    await control("z");
    await untilSeeds(name, (seed) => seed === before);
    await control(key === "w" ? "y" : "z", key !== "w");
    await untilSeeds(name, (seed) => seed === after);
    await control("z");
    await untilSeeds(name, (seed) => seed === before);
  }
  expect(seeds(playground)).toEqual(first);
  const isDark = () => page.evaluate(() => document.documentElement.dataset.theme);
  await keyboard.press("t");
  await playground.until(isDark, (theme) => theme === (look.theme === "dark" ? "light" : "dark"));
  await keyboard.press("t");
  await playground.until(isDark, (theme) => theme === look.theme);

  await keyboard.press("?");
  await page.waitForSelector('aria/Keys[role="dialog"]');
  expect(await page.$$eval("dialog kbd", (keys) => keys.map(({ textContent }) => textContent))).toEqual(
    expect.arrayContaining(["Space", "S", "M", "E", "R", "N", "W", "D", ",", ".", "F", "?", "Ctrl+Z", "Ctrl+Y"]),
  );
  await arrive("transport-keys");
  await playground.control("Single keys, without Ctrl", "checkbox").click();
  await leave(playground);
  const last = await step(playground);
  await keyboard.press("s");
  await control("z", true);
  await untilSeeds("model", (seed) => seed !== first.model);
  await control("z");
  await untilSeeds("model", (seed) => seed === first.model);
  expect(await step(playground)).not.toBe(last + 1);

  await page.reload();
  await press(journey, "Keys", true);
  await page.waitForSelector('aria/Keys[role="dialog"]');
  expect(await page.$eval("dialog input", (box) => (box as HTMLInputElement).checked)).toBe(false);
});
