import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Device } from "../../src/devices/device.ts";
import { prepareData } from "../../src/session/prepareData.ts";
import { createRun } from "../../src/session/run.ts";
import { deviceKinds, devices } from "../kernels/devices.ts";
import { configOf } from "./runOf.ts";

const config = configOf({ data: { kind: "moons", size: 60 }, model: { layers: [{ width: 8, activation: "tanh" }] } });
const data = prepareData(config.data, undefined);
/** Seven points on a line. */
const probe = Float32Array.from({ length: 14 }, (_, at) => at / 10 - 0.7);

describe.each(deviceKinds)("predictions for other inputs on %s", (kind) => {
  let device: Device;
  beforeAll(async () => {
    device = await devices[kind]();
  });
  afterAll(() => device.destroy());

  it("are those of the probe for the probe, however many parts they take, and leave the probe as it was", async () => {
    const run = await createRun({ config, data, device, probe });
    await run.trainSteps(3);
    const own = [...(await run.predict())];
    const reversed = Float32Array.from({ length: 14 }, (_, at) => probe[12 - 2 * Math.floor(at / 2) + (at % 2)] ?? 0);
    const many = [...(await run.predictFor(Float32Array.of(...probe, ...probe, ...reversed.subarray(0, 6))))];
    const rows = Array.from({ length: 7 }, (_, row) => own.slice(2 * row, 2 * row + 2));
    expect(many).toEqual([...rows, ...rows, ...rows.reverse().slice(0, 3)].flat());
    const few = [...(await run.predictFor(reversed.subarray(0, 4)))];
    expect(few).toEqual(rows.slice(0, 2).flat());
    expect([...(await run.predict())]).toEqual(own);
    run.dispose();
  });
});
