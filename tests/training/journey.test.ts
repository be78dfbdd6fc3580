import { expect, test } from "vitest";
import { checkConfig } from "../../src/session/check.ts";
import type { RunConfig } from "../../src/session/config.ts";
import { Journey } from "../../src/session/journey.ts";
import { LiveRun } from "../../src/session/liveRun.ts";
import { openDevice } from "../../src/session/openDevice.ts";
import { prepareData } from "../../src/session/prepareData.ts";

/** Small moons that are validated after every epoch; each precision needs a program of its own. */
function configWith(precision: string): RunConfig {
  const checked = checkConfig({
    data: { kind: "moons", size: 80 },
    model: { layers: [{ width: 4, activation: "relu" }] },
    stopping: { patience: 50 },
    compute: { precision },
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

  await journey.goTo(4, 8);
  expect(live.run.step).toBe(4);
  expect(live.config).toEqual(config);
  // It is due after the first epochs, and asks the run for its validation loss.
  expect(journey.stopping.room).toBe(0);
  expect(await journey.stopping.check()).toBeUndefined();
  expect(journey.stopping.memory.best?.loss).toBeGreaterThan(0);
  device.destroy();
});
