import { describe, expect, test } from "vitest";
import { checkConfig } from "../../src/session/check.ts";
import { defaultConfig } from "../../src/session/config.ts";
import { presetGroups, presetOf, presets } from "../../src/session/presets/index.ts";
import { decodeConfig, encodeConfig } from "../../src/session/url.ts";

const sentence = /^[A-Z][^!?]*\.$/;

describe.each(Object.entries(presets))("preset %s", (name, preset) => {
  test("is a valid configuration whose link gives it back", () => {
    const { config } = preset;
    expect(checkConfig(config)).toEqual({ ok: true, config });
    expect(decodeConfig(encodeConfig(config))).toEqual({ config, problems: [] });
  });
  test("has a label, and one sentence each for its purpose, what to try and its result", () => {
    expect(preset.label).not.toBe("");
    for (const text of [preset.purpose, preset.try, preset.result.text]) {
      expect(text).toMatch(sentence);
      expect(text).not.toMatch(/[.] [A-Z]/);
    }
  });
  test("leads on to other presets that there are", () => {
    for (const next of preset.next ?? []) {
      expect(next).not.toBe(name);
      expect(() => presetOf(next)).not.toThrow();
    }
  });
});

test("presets differ from each other in configuration, and within a theme in label", () => {
  const all = Object.values(presets);
  expect(new Set(all.map(({ config }) => encodeConfig(config))).size).toBe(all.length);
  for (const group of presetGroups) {
    const labels = Object.values(group.presets).map(({ label }) => label);
    expect(new Set(labels).size).toBe(labels.length);
  }
});

test("no preset is lost by having the name of another", () => {
  const count = presetGroups.reduce((sum, group) => sum + Object.keys(group.presets).length, 0);
  expect(Object.keys(presets)).toHaveLength(count);
});

test("overfitting has its cures one step away", () => {
  expect(presets.overfit?.next).toEqual(
    expect.arrayContaining(["overfitMoreData", "overfitWeightDecay", "overfitDropout", "overfitEarlyStopping"]),
  );
});

test("the first preset is the run that a first visit sees", () => {
  expect(Object.values(presets)[0]?.config).toEqual(defaultConfig);
});

test("a name that is no preset is refused", () => expect(() => presetOf("toString")).toThrow(RangeError));
