import { expect, test } from "vitest";
import type { Playground } from "./browser.ts";
import { createStage } from "./stage.ts";

const stage = createStage();
/** Two classes and 70 examples to train on, with a network that is there at once. */
const small = "#v=1&data=moons&data.size=100&model.layers=8tanh";

/** Opens a run that ends by itself after so many steps, and waits for its end. */
async function trained(hash: string, steps: number): Promise<Playground> {
  const playground = await stage.open(`${hash}&stopping.steps=${steps}`);
  await playground.untilEnded(steps);
  return playground;
}

/** Waits for a note on a card. */
const untilNoted = ({ page }: Playground, words: RegExp) =>
  page.waitForFunction(
    (source) => {
      const notes = [...document.querySelectorAll("details.card .note")];
      return notes.some(({ textContent }) => new RegExp(source).test(textContent ?? ""));
    },
    {},
    words.source,
  );

/** Opens the settings behind a line of a card. */
const unfold = ({ page }: Playground, label: string): Promise<void> =>
  page.$$eval(
    "details.more",
    (all, wanted) => {
      const found = all.find((more) => more.querySelector(".lab")?.textContent === wanted);
      if (found === undefined) throw new Error(`${wanted}: got no such line`);
      found.open = true;
    },
    label,
  );

const optionsOf = ({ page }: Playground, menu: string) =>
  page.$eval(`aria/${menu}[role="combobox"]`, (select) =>
    [...(select as HTMLSelectElement).options].map(({ text, disabled }) => ({ text, disabled })),
  );

const check = ({ page }: Playground, name: string): Promise<void> =>
  page.$eval(`aria/${name}[role="checkbox"]`, (box) => (box as HTMLInputElement).click());

/** The picture of the learning rate: what it says, and the heights of its curve as fractions of the highest. */
const schedule = ({ page }: Playground) =>
  page.$eval(".schedule svg", (svg) => {
    const path = svg.querySelector(".curve")?.getAttribute("d") ?? "";
    const heights = [...path.matchAll(/,([-\d.e]+)/g)].map(([, y]) => 1 - Number(y) / 40);
    return { words: svg.getAttribute("aria-label") ?? "", heights };
  });

test("a loss that the data's task or classes forbid cannot be chosen, and says what it needs", async () => {
  const playground = await trained(small, 5);
  const forbidden = async () =>
    (await optionsOf(playground, "Loss")).filter(({ disabled }) => disabled).map(({ text }) => text);
  expect(await forbidden()).toEqual([
    "Huber (needs numbers)",
    "Mean absolute error (needs numbers)",
    "Mean squared error (needs numbers)",
  ]);
  await untilNoted(playground, /^The data has classes, so losses for numbers do not fit\.$/);
  await playground.select("Loss", "Binary cross-entropy");
  // Three arms
  await playground.button("Spirals data").click();
  expect(await playground.until(forbidden, (all) => all.length > 3)).toContain(
    "Binary cross-entropy (needs 2 classes)",
  );
  const chosen = await playground.page.$eval('aria/Loss[role="combobox"]', (menu) => (menu as HTMLSelectElement).value);
  expect(chosen).toBe("cross-entropy");
  expect(await playground.alerts()).toEqual([]);
});

test("the picture of the schedule follows its shape, its warm-up and the end of the run", async () => {
  const playground = await trained(`${small}&optimizer=sgd&optimizer.learningRate=0.1`, 5);
  await unfold(playground, "Stop after");
  await playground.type("Steps", "0");
  await unfold(playground, "Schedule");
  await playground.select("Shape", "Linear");
  await playground.type("Over steps", "500");
  const plain = await schedule(playground);
  expect(plain.words).toMatch(/^Learning rate over the steps: 0\.1 at step 1 and .+ at step 500, at most 0\.1\.$/);
  expect(plain.heights[0]).toBe(1);
  expect(plain.heights.at(-1)).toBeLessThan(0.01);
  const middle = plain.heights[Math.floor(plain.heights.length / 2)] ?? Number.NaN;
  expect(Math.abs(middle - 0.5)).toBeLessThan(0.01);

  await playground.type("Warm-up steps", "100");
  const warmed = await schedule(playground);
  expect(warmed.words).toContain("1e−3 at step 1 and");
  expect(warmed.words).toContain("at step 600, at most");
  expect(warmed.heights[0]).toBeLessThan(0.02);
  // The top is where the warm-up ends: a sixth of the way
  expect(Math.abs(warmed.heights.indexOf(Math.max(...warmed.heights)) / warmed.heights.length - 1 / 6)).toBeLessThan(
    0.02,
  );

  // Three steps of 32 examples or fewer make an epoch
  await playground.type("Epochs", "100");
  await playground.page.waitForSelector('.schedule svg[aria-label*=" at step 300,"]');
  expect(await playground.alerts()).toEqual([]);
});

test("scaling with the batch changes the learning rate that is shown and taken", async () => {
  const playground = await trained(`${small}&optimizer=sgd&optimizer.learningRate=0.1&batchSize=8`, 5);
  expect(await playground.number("Learning rate now")).toBe(0.1);
  await playground.choose("Scale with batch", "linear");
  await untilNoted(playground, /^0\.1 becomes 0\.025 for a batch of 8\.$/);
  await playground.choose("Scale with batch", "root");
  await untilNoted(playground, /^0\.1 becomes 0\.05 for a batch of 8\.$/);
  await unfold(playground, "Stop after");
  await playground.type("Steps", "9");
  await playground.button("Play").click();
  await playground.untilEnded(9);
  expect(await playground.number("Learning rate now")).toBe(0.05);
});

test("each optimizer says how many numbers it keeps per parameter", async () => {
  const playground = await trained(small, 5);
  await untilNoted(playground, /^AdamW keeps two more numbers per parameter\.$/);
  await playground.select("Optimizer", "SGD");
  await untilNoted(playground, /^SGD keeps (no|one) more numbers? per parameter\.$/);
  await playground.select("Optimizer", "Adagrad");
  await untilNoted(playground, /^Adagrad keeps one more number per parameter\.$/);
});

test("penalties are plotted apart from the loss, which excludes them", async () => {
  /** What the first step costs, by its loss and by its penalty. */
  const costs = async (hash: string) => {
    const playground = await trained(hash, 1);
    await playground.page.$eval("details.more-plots", (more) => {
      (more as HTMLDetailsElement).open = true;
    });
    await playground.page.waitForSelector('[role="status"][aria-label="Penalty on the weights"]');
    return [await playground.number("Training loss"), await playground.number("Penalty on the weights")] as const;
  };
  const [loss, none] = await costs(small);
  const [same, penalty] = await costs(`${small}&loss.l2=1`);
  expect(same).toBe(loss);
  expect(none).toBe(0);
  expect(penalty).toBeGreaterThan(0.1);
});

test("clipping by value holds every gradient down, and the card says at what", async () => {
  const whole = `${small}&optimizer=sgd&optimizer.learningRate=0.1&batchSize=70`;
  const lossAfter = async (hash: string, steps: number) => (await trained(hash, steps)).number("Training loss");
  const first = await lossAfter(whole, 1);
  expect(await lossAfter(whole, 30)).toBeLessThan(first);
  const clipped = await trained(`${whole}&optimizer.clipping=value&optimizer.clipping.limit=1e-8`, 30);
  expect(await clipped.number("Training loss")).toBe(first);
  const lines = await clipped.page.$$eval("details.more > summary", (all) => all.map(({ textContent }) => textContent));
  expect(lines).toContain("ClippingValue 1e−8");
  await unfold(clipped, "Clipping");
  await clipped.select("Clip by", "None");
  await clipped.button("Reset").click();
  await clipped.button("Play").click();
  await clipped.untilEnded(30);
  expect(await clipped.number("Training loss")).toBeLessThan(first);
});

test("what checkpointing saves and costs is said before it is switched on, and after", async () => {
  const playground = await trained(`${small.replace("8tanh", "32tanh-32tanh-32tanh-32tanh-32tanh-32tanh")}`, 5);
  const [instead, work] = [
    "[\\d.]+\\s.?B instead of [\\d.]+\\s.?B",
    "[\\d.]+\\s% more multiplications in \\d+ more calls",
  ];
  await untilNoted(playground, new RegExp(`^A step's activations would take ${instead}, for ${work}\\.$`));
  await check(playground, "Checkpointing");
  await untilNoted(playground, new RegExp(`^A step's activations take ${instead}, for ${work}\\.$`));
});

test("f16 says how it is kept, and what it does to the gradients", async () => {
  const playground = await trained(`${small}&precision=f16&device=cpu`, 50);
  await untilNoted(playground, /^This device emulates f16: .+ keeps it in 4 bytes/);
  await untilNoted(playground, /^Loss scale [\d,]+, \d+ of 50 steps skipped\.$/);
  await playground.choose("Task view", "Tensors");
  const caption = await playground.page.waitForSelector(".tensors table.by-range caption");
  expect(await caption?.evaluate(({ textContent }) => textContent)).toMatch(
    /of all gradients .+ become 0, .+ infinite/,
  );
  const sizes = await playground.page.$$eval(".by-range .bars", (bars) => bars.map((bar) => bar.ariaLabel ?? ""));
  expect(sizes.length).toBeGreaterThan(3);
  for (const words of sizes) expect(words).toMatch(/^(most (from|below) 2\^|all are 0)/);
});

test("a run that stops early says so, and that the best weights are back", async () => {
  const noisy = "#v=1&data=moons&data.size=60&data.noise=0.6&data.train=0.5&data.validation=0.5&batchSize=8";
  const playground = await stage.open(`${noisy}&model.layers=32relu&optimizer.learningRate=0.05&stopping.patience=3`);
  await playground.page.waitForFunction(() =>
    /Stopped after epoch \d+: no better validation loss for 3 epochs; weights of epoch \d+ restored\./.test(
      document.querySelector('[aria-label="What is happening"]')?.textContent ?? "",
    ),
  );
  await playground.button("Play").waitHandle();
});

test("a batch larger than the training split says how many examples it takes", async () => {
  const playground = await trained(`${small}&batchSize=1024`, 5);
  await untilNoted(playground, /^The training split has 70 examples: a batch is all of them\.$/);
  const summaries = await playground.page.$$eval("details.card > summary .sum", (all) =>
    all.map(({ textContent }) => textContent),
  );
  expect(summaries).toContainEqual(expect.stringMatching(/^Batch 70, /));
});

test("without a test split there is nothing to evaluate, and the page says where its share is set", async () => {
  const { page } = await trained(`${small}&data.train=0.5&data.validation=0.5`, 5);
  const evaluate = await page.waitForSelector('aria/Evaluate test split[role="button"]');
  expect(await evaluate?.evaluate((button) => (button as HTMLButtonElement).disabled)).toBe(true);
  const note = await page.$eval(".results .note", ({ textContent }) => textContent);
  expect(note).toBe("No example is kept aside: give the test split a share under Data.");
});
