import { expect, test } from "vitest";
import { checkConfig } from "../../src/session/check.ts";
import { defaultConfig } from "../../src/session/config.ts";
import { startForImages } from "../../src/session/presets/index.ts";
import { withImageStart } from "../../src/ui/imageStart.ts";

test("images start with a network and an optimizer of their own, and keep seed and data", () => {
  const before = { ...defaultConfig, model: { ...defaultConfig.model, seed: 77 } };
  const checked = checkConfig(withImageStart(before));
  if (!checked.ok) throw new Error(checked.problems.join(" "));
  const { data, model, optimizer, compute } = checked.config;
  expect(data).toEqual(before.data);
  expect(model).toMatchObject({ ...startForImages.model, seed: 77 });
  expect(optimizer).toMatchObject(startForImages.optimizer);
  expect(compute).toEqual({ ...before.compute, ...startForImages.compute });
});

test.each([
  { ...defaultConfig, model: { ...defaultConfig.model, layers: [] } },
  { ...defaultConfig, optimizer: { ...defaultConfig.optimizer, learningRate: 0.5 } },
  { ...defaultConfig, compute: { ...defaultConfig.compute, batchSize: 7 } },
])("what the user has chosen stays as it is (%#)", (config) => {
  expect(withImageStart(config)).toBe(config);
});
