import { expect, test } from "vitest";
import type { Playground } from "./browser.ts";
import { createStage } from "./stage.ts";

const stage = createStage();

/** 210 of 300 examples in batches of 32. */
const stepsPerEpoch = 7;
const hash = "#v=1&data=moons";
const step = (playground: Playground) => playground.number("Step");

/** The page with its run paused at step 0. */
async function atRest(address = hash): Promise<Playground> {
  const playground = await stage.open(address);
  await playground.until(
    () => step(playground),
    (count) => count > 0,
  );
  await playground.button("Reset").click();
  await playground.until(
    () => step(playground),
    (count) => count === 0,
  );
  return playground;
}
const currentMove = ({ page }: Playground) =>
  page.$$eval('[aria-label="The four moves of a step"] [aria-current="step"] h3', ([heading]) => heading?.textContent);
const given = ({ page }: Playground) =>
  page.$$eval('[aria-label="What the move gave"]', ([section]) => section?.textContent ?? "");
const value = ({ page }: Playground, name: string) =>
  page.$eval(`aria/${name}[role="spinbutton"]`, (element) => Number((element as HTMLInputElement).value));
const menu = (playground: Playground) => playground.button("Speed and limits").click();

test("four moves make a step, and each shows what it gave", async () => {
  const playground = await atRest();
  const moves = ["Forward", "Loss", "Backward", "Update"];
  const texts: string[] = [];
  for (const name of moves) {
    await playground.button("One move").click();
    await playground.until(
      () => currentMove(playground),
      (current) => current === name,
    );
    texts.push(await given(playground));
    expect(await step(playground)).toBe(name === "Update" ? 1 : 0);
  }
  await playground.screenshot("moves");
  expect(texts.map((text) => text.startsWith(`${moves[texts.indexOf(text)]} of step 1`))).toEqual(
    moves.map(() => true),
  );
  expect(texts[0]).toMatch(/layer 1.*layer 3/s);
  expect(texts[1]).toMatch(/right answers/);
  expect(texts[2]).toMatch(/gradient norm/);
  await playground.button("Step").click();
  await playground.until(
    () => step(playground),
    (count) => count === 2,
  );
  expect(await given(playground)).toBe("");
  expect(playground.problems).toEqual([]);
});

test("an epoch, a limit, new weights and new data do what their names say", async () => {
  const playground = await atRest();
  for (const end of [1, 2]) {
    await playground.button("One epoch").click();
    await playground.until(
      () => step(playground),
      (count) => count === end * stepsPerEpoch,
    );
    await playground.button("Play").waitHandle();
  }
  await menu(playground);
  await playground.type("Steps", "20");
  await playground.button("Play").click();
  await playground.until(
    () => step(playground),
    (count) => count === 20,
  );
  await playground.button("Play").waitHandle();
  expect(await playground.page.$eval('[aria-label="What is happening"]', ({ textContent }) => textContent)).toMatch(
    /20 steps/,
  );
  for (const name of ["New weights", "New data"]) {
    const before = playground.page.url();
    if ((await playground.page.$(`aria/${name}[role="button"]`)) === null) await menu(playground);
    await playground.button(name).click();
    await playground.until(
      () => step(playground),
      (count) => count === 0,
    );
    const seed = name === "New data" ? "data.seed" : "model.seed";
    const after = new URLSearchParams(new URL(playground.page.url()).hash.slice(1));
    expect(after.get(seed)).not.toBe(new URLSearchParams(new URL(before).hash.slice(1)).get(seed));
  }
  expect(playground.problems).toEqual([]);
});

test("a slow run shows its moves while it plays, and full speed comes back", async () => {
  const playground = await atRest();
  await menu(playground);
  await playground.control("Full speed", "checkbox").click();
  const stepsPerSecond = 2;
  await playground.type("Speed", String(stepsPerSecond));
  await playground.screenshot("speed-menu");
  const start = Date.now();
  await playground.button("Play").click();
  const seen = new Set<string>();
  await playground.until(
    () => currentMove(playground),
    (move) =>
      seen.add(move ?? "").size > 4 || ["Forward", "Loss", "Backward", "Update"].every((name) => seen.has(name)),
  );
  const done = await step(playground);
  expect(done).toBeLessThanOrEqual(1 + (stepsPerSecond * (Date.now() - start)) / 1000);
  if ((await playground.page.$('aria/Full speed[role="checkbox"]')) === null) await menu(playground);
  await playground.control("Full speed", "checkbox").click();
  await playground.until(
    () => step(playground),
    (count) => count > 300,
  );
  expect(playground.problems).toEqual([]);
});

test("dropout, noise on labels and the size of the data change while the run goes on", async () => {
  const playground = await stage.open(hash);
  const { page } = playground;
  let last = 0;
  const goesOn = async () => {
    const from = last;
    await playground.until(
      () => step(playground),
      (count) => {
        // Before the first step there is no number
        if (Number.isNaN(count)) return false;
        // A fresh run would begin at 0
        expect(count).toBeGreaterThanOrEqual(last);
        last = count;
        return count > from + 200;
      },
    );
  };
  await goesOn();
  await page.$$eval("details", (all) => {
    for (const details of all) details.open = true;
  });
  for (const [name, amount] of [
    ["Dropout", "0.2"],
    ["Label noise", "0.1"],
    ["Examples", "500"],
    ["Learning rate", "0.003"],
  ] as const) {
    await playground.type(name, amount);
    await goesOn();
    expect(await value(playground, name)).toBe(Number(amount));
  }
  await page.waitForFunction(() => document.body.innerText.includes("350"));
  expect(await playground.alerts()).toEqual([]);
  expect(playground.problems).toEqual([]);
});

test("another batch size makes another run, which can start from the weights of the one before", async () => {
  const playground = await stage.open(hash);
  await playground.until(
    () => step(playground),
    (count) => count > 200,
  );
  await playground.pause();
  const loss = await playground.number("Validation loss");
  await playground.type("Batch size", "64");
  await playground.button("Start from them").waitHandle();
  await playground.until(
    () => playground.number("Validation loss"),
    (fresh) => fresh > 2 * loss,
  );
  await playground.screenshot("branch");
  await playground.button("Start from them").click();
  expect(
    await playground.until(
      () => playground.number("Validation loss"),
      (branched) => branched < 1.5 * loss,
    ),
  ).toBeCloseTo(loss, 3);
  expect(await step(playground)).toBe(0);
  expect(playground.problems).toEqual([]);
});

test("what has the focus is never behind the bars of a phone", async () => {
  const playground = await stage.open(`${hash}&device=cpu&stopping.steps=30`, {
    width: 390,
    height: 760,
  });
  const { page } = playground;
  await playground.untilEnded(30);
  await page.$$eval("details.card", (cards) => {
    for (const card of cards as HTMLDetailsElement[]) card.open = true;
  });
  /** What hides the middle of the element with the focus, as far as it lies in the page and not in a bar. */
  const hidden = () =>
    page.evaluate(() => {
      const focused = document.activeElement as HTMLElement;
      if (focused === document.body || focused.closest(".top, [popover]") !== null) return undefined;
      const { left, top, width, height } = focused.getBoundingClientRect();
      const onTop = document.elementFromPoint(left + width / 2, top + height / 2);
      const bar = onTop?.closest(".top");
      const isOutside = top + height / 2 < 0 || top + height / 2 > innerHeight;
      return bar || isOutside ? (focused.ariaLabel ?? focused.outerHTML.slice(0, 80)) : undefined;
    });
  const names = new Set<string | undefined>();
  let count = 0;
  for (const [key, modifier] of [["Tab"], ["Tab", "Shift"]] as const) {
    if (modifier !== undefined) await page.keyboard.down(modifier);
    for (let press = 0; press < 90; press++) {
      await page.keyboard.press(key);
      names.add(await hidden());
      count += 1;
    }
    if (modifier !== undefined) await page.keyboard.up(modifier);
  }
  expect([...names]).toEqual([undefined]);
  expect(count).toBe(180);
});
