import { describe, expect, test } from "vitest";
import { checkConfig } from "../../src/session/check.ts";
import type { RunConfig, StoppingConfig } from "../../src/session/config.ts";
import { createPage, deviceChoices } from "./page.ts";

/** A few noisy points and a large network: the validation loss soon rises again. */
function overfitting(device: (typeof deviceChoices)[number], stopping: Partial<StoppingConfig>): RunConfig {
  const checked = checkConfig({
    data: { kind: "moons", size: 60, noise: 0.6, train: 0.5, validation: 0.5 },
    model: { layers: [{ width: 32, activation: "relu" }], initializer: { kind: "heUniform" } },
    optimizer: { kind: "adamw", learningRate: 0.05 },
    compute: { device, batchSize: 8 },
    stopping,
  });
  if (!checked.ok) throw new Error(checked.problems.join(" "));
  return checked.config;
}

const stateOf = (page: ReturnType<typeof createPage>) => page.of("state").at(-1);
const hasStopped = (page: ReturnType<typeof createPage>) => () => stateOf(page)?.stopped !== undefined;

describe.each(deviceChoices)("on %s", (device) => {
  test("early stopping says which epoch was best and gives its weights back", async () => {
    const page = createPage();
    await page.configure(overfitting(device, { patience: 5 }), true);
    await page.until(hasStopped(page));
    const said = stateOf(page)?.stopped ?? "";
    const [, last, best] =
      /^Stopped after epoch (\d+): no better .* for 5 epochs; weights of epoch (\d+) /.exec(said) ?? [];
    expect(Number(last) - Number(best)).toBe(5);
    // 30 examples in batches of 8: four steps per epoch.
    expect(stateOf(page)).toMatchObject({ playing: false, step: 4 * Number(last) });
    const restored = page.validation().at(-1)?.loss;
    // What it decides by is seen: each epoch's end, and the best of them is the best of all that it looked at then
    const ends = page.validation().filter(({ step }) => step > 0 && step % 4 === 0 && step < 4 * Number(last));
    expect(new Set(ends.map(({ step }) => step / 4)).size).toBe(Number(last) - 1);
    const lowest = ends.reduce((a, b) => (b.loss < a.loss ? b : a));
    expect(lowest.step).toBe(4 * Number(best));
    await page.close();

    const again = createPage();
    await again.configure(overfitting(device, { epochs: Number(best) }), true);
    await again.until(hasStopped(again));
    expect(stateOf(again)?.stopped).toBe(`Stopped after ${best} epochs, as many as were set.`);
    expect(again.validation().at(-1)?.loss).toBe(restored);
    await again.close();
  });

  test("the same run stops at the same epoch, however its steps are submitted", async () => {
    const played = createPage();
    await played.configure(overfitting(device, { patience: 5 }), true);
    await played.until(hasStopped(played));
    const stepped = createPage();
    await stepped.configure(overfitting(device, { patience: 5 }));
    while (!hasStopped(stepped)()) await stepped.send("step");
    expect(stateOf(stepped)?.stopped).toBe(stateOf(played)?.stopped);
    await Promise.all([played.close(), stepped.close()]);
  });

  test("a run at its limit of steps takes no further one until the limit is raised or it starts anew", async () => {
    const page = createPage();
    await page.configure(overfitting(device, { steps: 3 }), true);
    await page.until(hasStopped(page));
    await page.send("step");
    expect(stateOf(page)).toMatchObject({ step: 3, stopped: "Stopped after 3 steps, as many as were set." });
    await page.adjust({ stopping: overfitting(device, { steps: 4 }).stopping });
    await page.send("step");
    expect(stateOf(page)).toMatchObject({ step: 4, stopped: "Stopped after 4 steps, as many as were set." });
    await page.send("reset");
    expect(stateOf(page)).not.toHaveProperty("stopped");
    await page.send("step");
    expect(stateOf(page)?.step).toBe(1);
  });
});
