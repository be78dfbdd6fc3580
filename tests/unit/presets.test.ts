import { describe, expect, test } from "vitest";
import { checkConfig } from "../../src/session/check.ts";
import { defaultConfig } from "../../src/session/config.ts";
import { presetOf, presets } from "../../src/session/presets.ts";
import { decodeConfig, encodeConfig } from "../../src/session/url.ts";

describe.each(Object.entries(presets))("preset %s", (_, { config, description, label }) => {
  test("is a valid configuration whose link gives it back", () => {
    expect(checkConfig(config)).toEqual({ ok: true, config });
    expect(decodeConfig(encodeConfig(config))).toEqual({ config, problems: [] });
  });
  test("has a label and one sentence", () => {
    expect(label).not.toBe("");
    expect(description).toMatch(/^[A-Z][^.!?]*\.$/);
  });
});

test("presets differ from each other in label and configuration", () => {
  const all = Object.values(presets);
  expect(new Set(all.map(({ label }) => label)).size).toBe(all.length);
  expect(new Set(all.map(({ config }) => encodeConfig(config))).size).toBe(all.length);
});

test("the first preset is the run that a first visit sees", () => {
  expect(Object.values(presets)[0]?.config).toEqual(defaultConfig);
});

test("a name that is no preset is refused", () => expect(() => presetOf("toString")).toThrow(RangeError));
