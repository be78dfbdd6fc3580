import { expect, test } from "vitest";
import { precacheOf } from "../../scripts/serviceWorker.ts";
import { leanWgsl } from "../../scripts/shaders.ts";

const files = new Map<string, string | Uint8Array>([
  ["index.html", "<p>"],
  ["assets/a.js", "1"],
  ["icon.png", Uint8Array.of(1, 2)],
]);

test("the same files are the same version, in whatever order they come", () => {
  expect(precacheOf(new Map([...files].reverse()))).toEqual(precacheOf(files));
});

test("another byte, another name or a file less is another version", () => {
  const { version } = precacheOf(files);
  const others = [
    new Map([...files, ["icon.png", Uint8Array.of(1, 3)] as const]),
    new Map([...files].map(([name, content]) => [name.replace("a.js", "b.js"), content] as const)),
    new Map([...files].slice(1)),
    new Map([...files, ["index.html", "<p>1"] as const, ["assets/a.js", ""] as const]),
  ];
  expect(others.map((other) => precacheOf(other).version).filter((other) => other === version)).toEqual([]);
});

test("a shader loses its comments and indentation, and keeps its lines", () => {
  const text = "// y = x\nfn f() { // doubles\n  let y = 2 * x / 3;\n}\n";
  expect(leanWgsl(text)).toBe("\nfn f() {\nlet y = 2 * x / 3;\n}\n");
});
