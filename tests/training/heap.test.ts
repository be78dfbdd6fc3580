import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { openDevice } from "../../src/session/openDevice.ts";
import { prepareData } from "../../src/session/prepareData.ts";
import { createRun, MAX_STEPS } from "../../src/session/run.ts";
import { spiralsOn } from "./page.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** What a hundred thousand steps may leave on the JavaScript heap. */
const GROWTH_BYTES = 2 * 2 ** 20;

const heapUsed = () => {
  collect();
  return process.memoryUsage().heapUsed;
};

test("a hundred thousand steps leave the JavaScript heap as it was", async () => {
  const config = spiralsOn("cpu");
  const data = prepareData(config.data, undefined);
  const { device } = await openDevice("cpu", undefined);
  const run = await createRun({ config, data, device, probe: new Float32Array(2) });
  const train = async (steps: number) => {
    const last = run.step + steps;
    while (run.step < last) await run.trainSteps(Math.min(MAX_STEPS, last - run.step));
  };
  await train(5000);
  const before = heapUsed();
  await train(100_000);
  expect(heapUsed() - before).toBeLessThan(GROWTH_BYTES);
  run.dispose();
  device.destroy();
});
