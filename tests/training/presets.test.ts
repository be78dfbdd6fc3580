import { describe, expect, test } from "vitest";
import { presets } from "../../src/session/presets/index.ts";
import { recordRun } from "./recordRun.ts";

describe.each(Object.entries(presets))("preset %s", (_, { config, result }) => {
  test(result.text, async () => {
    const run = await recordRun(config, result.steps);
    expect(result.check(run), JSON.stringify({ train: run.train, validation: run.validation })).toBe(true);
  });
});
