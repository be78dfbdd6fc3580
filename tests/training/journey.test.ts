import { expect, test } from "vitest";
import { checkConfig } from "../../src/session/check.ts";
import type { RunConfig } from "../../src/session/config.ts";
import { Journey } from "../../src/session/journey.ts";
import { LiveRun } from "../../src/session/liveRun.ts";
import { openDevice } from "../../src/session/openDevice.ts";
import { prepareData } from "../../src/session/prepareData.ts";
import { RunError } from "../../src/session/weights.ts";

/** Small moons that are validated after every epoch; each precision needs a program of its own. */
function configWith(precision: string, differences: object = {}): RunConfig {
  const checked = checkConfig({
    data: { kind: "moons", size: 80 },
    model: { layers: [{ width: 4, activation: "relu" }] },
    stopping: { patience: 50 },
    compute: { precision },
    ...differences,
  });
  if (!checked.ok) throw new Error(checked.problems.join(" "));
  return checked.config;
}

test("going back across a change of program leaves the stopping with the run that lives", async () => {
  const { device } = await openDevice("cpu", undefined);
  const config = configWith("f32");
  const prepare = (of: RunConfig) => prepareData(of.data, undefined);
  const live = await LiveRun.create({ config, data: prepare(config), device, prepare });
  const journey = new Journey(live);
  await live.run.trainSteps(6);
  const before = live.run;
  expect(await journey.become(configWith("bf16"))).toBe(true);
  expect(live.run).not.toBe(before);
  await live.run.trainSteps(6);

  await journey.goTo(4, { most: 8 });
  expect(live.run.step).toBe(4);
  expect(live.config).toEqual(config);
  // It is due after the first epochs, and asks the run for its validation loss.
  expect(journey.stopping.room).toBe(0);
  expect(await journey.stopping.check()).toBeUndefined();
  expect(journey.stopping.memory.best?.loss).toBeGreaterThan(0);
  device.destroy();
});

/** What two classes, and a run of 5 epochs of 2 batches, cannot take. */
const refused = [
  ["class weights of another number of classes", { loss: { classWeights: [1, 2, 3] }, stopping: { steps: 1 } }],
  ["a warm-up longer than its epochs", { optimizer: { schedule: { warmupSteps: 11 } }, stopping: { epochs: 5 } }],
] as const;

test.each(
  refused.flatMap(([name, differences]) => ["f32", "bf16"].map((precision) => [name, precision, differences] as const)),
)("%s are refused with nothing changed, in a program of %s", async (_, precision, differences) => {
  const { device } = await openDevice("cpu", undefined);
  const prepare = (of: RunConfig) => prepareData(of.data, undefined);
  const config = configWith("f32", { stopping: {} });
  const live = await LiveRun.create({ config, data: prepare(config), device, prepare });
  const journey = new Journey(live);
  await live.run.trainSteps(6);
  const [run, stopping, evaluation] = [live.run, journey.stopping, await live.run.evaluate("validation")];
  const impossible = configWith(precision, { ...differences, compute: { precision } });
  const change = async () => (precision === "f32" ? journey.adjust(impossible) : journey.become(impossible));
  await expect(change()).rejects.toThrow(RunError);
  expect(live.run).toBe(run);
  expect(journey.stopping).toBe(stopping);
  expect(stopping.room).toBe(Number.POSITIVE_INFINITY);
  expect(live.config).toBe(config);
  expect(await run.evaluate("validation")).toEqual(evaluation);
  device.destroy();
});
