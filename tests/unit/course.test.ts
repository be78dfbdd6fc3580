import { describe, expect, test } from "vitest";
import { defaultConfig, type RunConfig } from "../../src/session/config.ts";
import { createCourse } from "../../src/session/course.ts";
import { createRhythm } from "../../src/session/rhythm.ts";
import type { Snapshot } from "../../src/session/run.ts";

const at = (step: number, numbers = 10): Snapshot => ({
  ...{ step, precision: "f32" },
  tensors: new Map([["parameters", [new Float32Array(numbers)]]]),
});
const withRate = (learningRate: number): RunConfig => ({
  ...defaultConfig,
  optimizer: { ...defaultConfig.optimizer, learningRate },
});

describe("a course", () => {
  test("knows what held at every step, and forgets what comes after a cut", () => {
    const [first, second, third] = [0.1, 0.2, 0.3].map(withRate) as [RunConfig, RunConfig, RunConfig];
    const course = createCourse(first);
    course.change(10, second);
    course.change(20, withRate(9));
    course.change(20, third);
    expect([0, 9, 10, 19, 20].map((step) => course.configAt(step))).toEqual([first, first, second, second, third]);
    expect([0, 10, 19, 20].map(course.nextChange)).toEqual([10, 20, 20, Number.POSITIVE_INFINITY]);
    course.keep(at(8));
    course.keep(at(15));
    course.cut(12);
    expect(course.nextChange(10)).toBe(Number.POSITIVE_INFINITY);
    expect(course.before(100)?.step).toBe(8);
  });

  test("keeps a dozen snapshots of a long run, close together only near its end", () => {
    const course = createCourse(defaultConfig);
    for (let step = 100; step <= 100_000; step += 100) course.keep(at(step));
    const kept = new Set(Array.from({ length: 1001 }, (_, index) => course.before(100 * index)?.step));
    expect(kept.size - 1).toBe(12);
    expect(course.newest?.step).toBe(100_000);
    expect(course.before(99_950)?.step).toBe(99_900);
    expect(course.before(50)).toBeUndefined();
  });

  test("of a large run it keeps two, and where a branch starts it keeps for good", () => {
    const start = at(0);
    const course = createCourse(defaultConfig, start);
    for (const step of [1, 2, 3, 4]) course.keep(at(step, 2 ** 26));
    expect([4, 3, 2, 1].map((step) => course.before(step)?.step)).toContain(4);
    expect(new Set([4, 3, 2, 1].map((step) => course.before(step))).size).toBeLessThanOrEqual(3);
    expect(course.before(0)).toBe(start);
  });
});

test("a rhythm keeps its mean, and does not race after a pause", () => {
  const rhythm = createRhythm();
  rhythm.restart(1000);
  expect(rhythm.due(1000, 100)).toBe(1);
  rhythm.took(1, 100);
  expect(rhythm.wait(1040)).toBe(60);
  expect(rhythm.due(1040, 100)).toBe(0);
  // 30 ms late: the next one is due 70 ms later
  expect(rhythm.due(1130, 100)).toBe(1);
  rhythm.took(1, 100);
  expect(rhythm.wait(1130)).toBe(70);
  expect(rhythm.due(60_000, 100)).toBe(3);
});
