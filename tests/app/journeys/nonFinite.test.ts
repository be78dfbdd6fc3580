import { expect } from "vitest";
import type { Playground } from "../browser.ts";
import { createEverywhere } from "../everywhere.ts";
import { openCard, said, untilSaid } from "./sights.ts";

const everywhere = createEverywhere();

/** Unbounded activations and squared errors, so that a large learning rate leaves every range. */
const model = "#v=1&device=cpu&data=sine&data.size=100&loss=mse&optimizer=sgd&model.layers=16relu-16relu";
const HEALTHY = 150;
const END = 190;

const card = ({ page }: Playground) =>
  page.$$eval('section[aria-label="Why training stopped"]', ([section]) => ({
    text: section?.textContent ?? "",
    places: Object.fromEntries(
      [...(section?.querySelectorAll("dt") ?? [])].map((term) => [
        term.textContent ?? "",
        term.nextElementSibling?.textContent ?? "",
      ]),
    ),
  }));
/** Waits for a card, after a way back for another one: the first stays until the run is where it goes on. */
const untilCard = (playground: Playground, before = "") =>
  playground.until(
    () => card(playground),
    ({ text }) => text !== "" && text !== before,
  );
const untilNoCard = (playground: Playground) =>
  playground.until(
    () => card(playground),
    ({ text }) => text === "",
  );
const count = (text = "") => Number(text.replaceAll(",", ""));
const learningRate = ({ page }: Playground) =>
  page.$eval('aria/Learning rate[role="spinbutton"]', (field) => Number((field as HTMLInputElement).value));
const lossSummary = ({ page }: Playground) =>
  page.$eval('figure[aria-label="Loss"] figcaption', ({ textContent }) => textContent ?? "");

everywhere(
  "a run that blows up stops, says where, and goes on from 20 steps before with a remedy",
  `${model}&stopping.steps=${HEALTHY}`,
  async ({ playground, arrive }) => {
    const { page } = playground;
    await playground.untilEnded(HEALTHY);
    await openCard(playground, "Optimizer");
    await openCard(playground, "Compute");
    await playground.type("Learning rate", "100");
    await playground.button("Speed and limits").click();
    await playground.type("Steps", String(END));
    await page.keyboard.press("Escape");
    await playground.button("Play").click();

    const { text, places } = await untilCard(playground);
    const stopped = count(/Stopped at step ([\d,]+)/.exec(text)?.[1]);
    const good = count(places["Last good step"]);
    expect(stopped).toBeGreaterThan(HEALTHY);
    expect(stopped).toBeLessThanOrEqual(HEALTHY + 16);
    expect(good).toBe(stopped - 1);
    expect(places.Tensor).toMatch(/^layers\.\d\.(output|weight|bias), layer [123] of 3$|^loss$/);
    expect(["Forward", "Loss", "Backward", "Update"]).toContain(places.Move);
    for (const name of ["Its loss", "Learning rate"]) expect(Number.isFinite(count(places[name]))).toBe(true);
    expect(text).toMatch(/(infinite|not a number).*All that the step computes before is finite/);
    // The run is looked at where it stands before it says that it is there
    await playground.until(
      () => playground.number("Step"),
      (step) => step === good,
    );
    await playground.until(() => playground.number("Training loss"), Number.isFinite);
    await untilSaid(playground, new RegExp(`Not a number at step ${stopped}\\.`));
    expect(
      await playground.until(
        () => lossSummary(playground),
        (summary) => /not finite/.test(summary),
      ),
    ).toContain(`At step ${stopped}:`);
    await page.evaluate(() => scrollTo(0, 0));
    await arrive("nan-stopped");

    // Twice in quick succession is once
    await playground.button("Rewind 20 steps, halve the learning rate").click({ count: 2 });
    await playground.until(
      () => learningRate(playground),
      (rate) => rate < 100,
    );
    expect(await learningRate(playground)).toBe(50);
    // The curves are marked where the change holds from
    await playground.until(
      () => lossSummary(playground),
      (summary) => summary.includes(`At step ${good - 20}: learning rate 100 → 50.`),
    );
    const again = await untilCard(playground, text);
    expect(count(again.places["Last good step"])).toBeGreaterThan(good - 20);
    // A bounded gradient bears even this learning rate
    await playground.button("Rewind 20 steps, clip the norm at 1").click();
    await playground.untilEnded(END);
    expect((await card(playground)).text).toBe("");
    expect(await said(playground)).toContain(`Stopped after ${END} steps`);
    await page.waitForSelector("::-p-text(Global norm 1)");
    expect(await learningRate(playground)).toBe(50);
    await arrive("nan-clipped");
  },
);

everywhere(
  "a run that leaves the range of f16 goes on in f32, and the card can be put away",
  `${model}&optimizer.learningRate=100&optimizer.clipping=norm&optimizer.clipping.maxNorm=3&precision=f16&stopping.steps=40`,
  async ({ playground, arrive }) => {
    const { page } = playground;
    const { text, places } = await untilCard(playground);
    expect(count(places["Last good step"])).toBeLessThan(40);
    await page.evaluate(() => scrollTo(0, 0));
    await arrive("nan-f16");
    await playground.button("Put away").click();
    await untilNoCard(playground);
    expect(await said(playground)).toContain("Not a number");
    await playground.button("Reset").click();
    await untilSaid(playground, /^Ready/);
    await playground.button("Play").click();
    expect((await untilCard(playground)).text).toBe(text);
    await playground.press("::-p-text(go on in f32)");
    await playground.untilEnded(40);
    expect((await card(playground)).text).toBe("");
    expect(new URL(page.url()).hash).not.toContain("precision=f16");
  },
);
