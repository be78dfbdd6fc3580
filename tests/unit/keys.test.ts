import { beforeAll, describe, expect, test, vi } from "vitest";
import type { Pressed } from "../../src/ui/keys.ts";

let commandOf: typeof import("../../src/ui/keys.ts").commandOf;
let keyCommands: typeof import("../../src/ui/keys.ts").keyCommands;

beforeAll(async () => {
  // The theme asks the browser what the system and the reader prefer when its file is loaded.
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => undefined }));
  vi.stubGlobal("document", { documentElement: {} });
  vi.stubGlobal("getComputedStyle", () => ({ fontSize: "16px" }));
  vi.stubGlobal("addEventListener", () => undefined);
  ({ commandOf, keyCommands } = await import("../../src/ui/keys.ts"));
});

const pressed = (key: string, given: Partial<Pressed> = {}): Pressed => ({
  ...{ key, ctrl: false, shift: false, alt: false, tag: "body", type: "", editable: false },
  ...given,
});

function labelOf(key: string, given: Partial<Pressed> = {}, singleKeys = true): string | undefined {
  const command = commandOf(pressed(key, given), singleKeys);
  return typeof command === "object" ? command.label : command;
}

describe("a key", () => {
  test("gives its command", () => {
    expect(labelOf(" ")).toBe("Play or pause");
    expect(labelOf("s")).toBe("One step");
    expect(labelOf("?", { shift: true })).toBe("help");
    expect(labelOf("z", { ctrl: true })).toBe("Undo");
    expect(labelOf("Z", { ctrl: true, shift: true })).toBe("Redo");
    expect(labelOf("y", { ctrl: true })).toBe("Redo");
  });

  test.each<[string, Partial<Pressed>]>([
    ["a number field", { tag: "input", type: "number" }],
    ["a text field", { tag: "input", type: "text" }],
    ["an area of text", { tag: "textarea" }],
    ["text on the page", { editable: true }],
  ])("that is typed into %s gives none, with Ctrl neither", (_, focus) => {
    expect(labelOf("s", focus)).toBeUndefined();
    expect(labelOf("?", focus)).toBeUndefined();
    expect(labelOf("z", { ...focus, ctrl: true })).toBeUndefined();
  });

  test("that the focused control needs is left to it", () => {
    expect(labelOf(" ", { tag: "button" })).toBeUndefined();
    expect(labelOf("s", { tag: "select" })).toBeUndefined();
    expect(labelOf("s", { tag: "button" })).toBe("One step");
    expect(labelOf("s", { tag: "input", type: "range" })).toBe("One step");
    expect(labelOf("z", { tag: "select", ctrl: true })).toBe("Undo");
  });

  test("that belongs to the browser gives none", () => {
    expect(labelOf("r", { ctrl: true })).toBeUndefined();
    expect(labelOf("s", { ctrl: true })).toBeUndefined();
    expect(labelOf("s", { alt: true })).toBeUndefined();
    expect(labelOf("S", { shift: true })).toBeUndefined();
  });

  test("alone gives none when single keys are off, and undo stays", () => {
    expect(labelOf("s", {}, false)).toBeUndefined();
    expect(labelOf("?", {}, false)).toBeUndefined();
    expect(labelOf("z", { ctrl: true }, false)).toBe("Undo");
  });
});

test("no two commands have the same key", () => {
  const keys = keyCommands.map(({ key, modifier }) => `${modifier} ${key}`);
  expect(new Set(keys).size).toBe(keys.length);
});
