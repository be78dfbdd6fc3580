import { expect } from "vitest";
import { decodeConfig, encodeConfig } from "../../../src/session/url.ts";
import type { Playground } from "../browser.ts";
import { createEverywhere } from "../everywhere.ts";

const everywhere = createEverywhere();

const limit = 120;
const hash = `#v=1&device=cpu&deterministic=true&stopping.steps=${limit}`;

/** The link in the open form. */
const link = ({ control }: Playground) =>
  control("Link", "textbox")
    .map((field) => (field as HTMLInputElement).value)
    .wait();

const untilLink = (playground: Playground, holds: (text: string) => boolean) =>
  playground.until(() => link(playground), holds);

/** Opens a link as somebody else would: the page as it was is gone. */
async function openLink({ page, button }: Playground, address: string): Promise<void> {
  await page.goto("about:blank");
  await page.goto(address);
  await button("Step").waitHandle();
}

const hashOf = ({ page }: Playground) => page.evaluate(() => location.hash);

/** What a live line says; nothing where there is none. */
const said = (playground: Playground, name: string) => playground.reading(name).catch(() => "");

const untilSaid = (playground: Playground, name: string, words: RegExp) =>
  playground.until(
    () => said(playground, name),
    (text) => words.test(text),
  );

/** The ingredients in view, and whether each can be used: a locked one is inert. */
const ingredients = ({ page }: Playground) =>
  page.$$eval("details.card", (cards) =>
    cards
      .filter((card) => card.checkVisibility())
      .map((card) => ({
        title: card.querySelector("h2")?.textContent ?? "",
        isLocked: card.querySelector(".body")?.hasAttribute("inert") ?? false,
      })),
  );

/** Opens an ingredient where it is closed, as all but the first are on a phone. */
async function unfold({ page }: Playground, title: string): Promise<void> {
  const card = await page.waitForSelector(`details.card ::-p-aria(${title}[role="heading"])`);
  if (!(await card?.evaluate((heading) => heading.closest("details")?.open ?? false))) await card?.click();
}

const carries = "Carry the curve so far, so that others see whether theirs reproduces it";

everywhere("a link is short, and can carry the sender's curve, which the opener reproduces", hash, async (journey) => {
  const { playground, arrive } = journey;
  const { page, button, control } = playground;
  await playground.untilEnded(limit);
  await button("Share").click();
  const base = await page.evaluate(() => location.origin + location.pathname);
  expect(await link(playground)).toBe(`${base}#${encodeConfig(decodeConfig(hash.slice(1)).config)}`);
  await control(carries, "checkbox").click();
  const address = await untilLink(playground, (text) => text.includes("share.ghost="));
  expect(address.length).toBeLessThan(1700);
  await button("Copy link").click();
  await untilSaid(playground, "Copied", /^(Copied|Press Ctrl\+C to copy the selected link)\.$/);
  await playground.press("::-p-text(For use in a page)");
  const code = await control("Code for a page", "textbox").waitHandle();
  expect(await code.evaluate((area) => (area as HTMLTextAreaElement).value)).toContain(
    `<iframe src="${base}?embed#v=1`,
  );
  await arrive("share-form");

  await openLink(playground, address);
  await playground.untilEnded(limit);
  await untilSaid(playground, "Sender’s curve", /^Reproduces the sender’s curve within 0\.1 % over all 120 steps\.$/);
  await arrive("share-ghost");
  await button("New seed").click();
  await untilSaid(playground, "Sender’s curve", /^Other settings than the sender’s/);
  await button("Leave the lesson").click();
  await playground.until(
    () => hashOf(playground),
    (now) => !now.includes("share."),
  );
  expect(await page.$('section[aria-label="From the link"]')).toBeNull();
});

everywhere(
  "a teacher's link sets a goal, hides data, and locks all of the optimizer but its learning rate",
  hash,
  async ({ playground, arrive }) => {
    const { page, button, control } = playground;
    await playground.untilEnded(limit);
    await button("Share").click();
    await playground.press("::-p-text(For a class)");
    await playground.select("Goal", "validation loss below");
    await playground.type("Value", "0.9");
    await playground.type("Within steps (0: no limit)", "100");
    await playground.select("Data", "hidden");
    await playground.select("Model", "locked");
    await playground.select("Optimizer", "locked");
    await control("The learning rate stays free", "checkbox").click();
    const address = await untilLink(playground, (text) => text.includes("share.free="));
    expect(address).toContain(
      "&stopping.steps=100&share.goal=loss,0.9,100&share.lock=model,optimizer&share.hide=data&share.free=optimizer.learningRate",
    );
    await arrive("share-class");

    await openLink(playground, address.replace("v=1", "v=1&optimizer.learningRate=0.000001"));
    const line = await page.waitForSelector('section[aria-label="From the link"]');
    expect(await line?.evaluate(({ textContent }) => textContent)).toContain(
      "Goal: validation loss below 0.9 within 100 steps.",
    );
    await untilSaid(playground, "Goal", /^Missed: best [\d.]+ by step 100\. Reset to try again\.$/);
    await arrive("share-missed");
    expect(await ingredients(playground)).toEqual([
      { title: "Model", isLocked: true },
      { title: "Loss", isLocked: false },
      { title: "Optimizer", isLocked: true },
      { title: "Compute", isLocked: false },
    ]);
    await unfold(playground, "Optimizer");
    await playground.type("Learning rate", "0.02");
    await playground.until(
      () => hashOf(playground),
      (now) => now.includes("learningRate=0.02"),
    );
    await button("Reset").click();
    await button("Play").click();
    await untilSaid(playground, "Goal", /^Reached at step \d+, best 0\.\d+\.$/);
    await arrive("share-reached");
    await button("Unlock the settings").click();
    await playground.until(
      () => ingredients(playground),
      (found) => found.length === 5 && found.every(({ isLocked }) => !isLocked),
    );
    expect(await said(playground, "Goal")).toMatch(/^Reached/);
  },
);

everywhere(
  "of a link that is broken or of another version, the rest works, and each refusal is named",
  [
    "#v=2&device=cpu&stopping.steps=20&data=moons&model.layers=8relu&batchSize=99999999&nonsense=1",
    "&share.goal=loss,abc,5&share.lock=everything&share.ghost=1!&share.hide=compute",
  ].join(""),
  async ({ playground, arrive }) => {
    await playground.untilEnded(20);
    const told = await playground.until(
      () => playground.alerts(),
      (found) => found.length >= 6,
    );
    for (const subject of ["v:", "batchSize:", "nonsense:", "share.goal:", "share.lock:", "share.ghost:"]) {
      expect(told.filter((text) => text.includes(subject))).toHaveLength(1);
    }
    await arrive("share-broken");
    expect((await ingredients(playground)).map(({ title }) => title)).toEqual(["Data", "Model", "Loss", "Optimizer"]);
    expect(await hashOf(playground)).toBe(
      "#v=1&data=moons&model.layers=8relu&device=cpu&stopping.steps=20&share.hide=compute",
    );
  },
);

everywhere(
  "inside of another page there are the view, the plots and the transport",
  `?embed${hash}`,
  async ({ playground, arrive }) => {
    const { page, button } = playground;
    await playground.untilEnded(limit);
    const isSeen = (selector: string) =>
      page.$$eval(selector, (found) => found.some((element) => element.checkVisibility()));
    const seen = ["main", '[aria-label="Plots"]', '[aria-label="Transport"]', '[aria-label="Loss"]'];
    for (const selector of seen) expect(await isSeen(selector), selector).toBe(true);
    const unseen = ['[aria-label="The five ingredients"]', '[aria-label="Runs"]', '[aria-label="Preset"]'];
    for (const selector of unseen) expect(await isSeen(selector), selector).toBe(false);
    await arrive("embed");
    await button("Reset").click();
    await playground.until(
      () => playground.number("Step"),
      (step) => step === 0,
    );
    await button("Step").click();
    await playground.until(
      () => playground.number("Step"),
      (step) => step === 1,
    );
  },
);
