import { describe, expect, it } from "vitest";
import { packed } from "../../src/devices/webgpu/packing.ts";

const declarations = `
@group(0) @binding(0) var<storage, read> left: array<Stored>;  // (N) left[i]
@group(0) @binding(1) var<storage, read_write> right: array<Stored>;
@group(0) @binding(2) var<storage, read> sizes: array<u32>;`;

/** A statement as it stands between the declarations and the functions that are added. */
const rewritten = (statement: string): string | undefined =>
  packed(`${declarations}\n${statement}`).split("\n")[declarations.split("\n").length];

describe("packing two numbers into a word", () => {
  it.each([
    { statement: "let x = f32(left[i]);", becomes: "let x = f32(loadLeft(i));" },
    { statement: "right[i + 1u] = toStored(x);", becomes: "storeRight(i + 1u, toStored(x));" },
    {
      statement: "right[at] = toStored(f32(right[at]) + 1.0);",
      becomes: "storeRight(at, toStored(f32(loadRight(at)) + 1.0));",
    },
    {
      statement: "right[sizes[u32(left[0])]] = left[i];",
      becomes: "storeRight(sizes[u32(loadLeft(0))], loadLeft(i));",
    },
    {
      statement: "if (left[i] == right[i]) { left2[i] = sizes[i]; }",
      becomes: "if (loadLeft(i) == loadRight(i)) { left2[i] = sizes[i]; }",
    },
    {
      statement: "for (;;) { right[i] = left[i]; i++; } // right[i] = 0",
      becomes: "for (;;) { storeRight(i, loadLeft(i)); i++; } ",
    },
  ])("makes calls of the accesses in $statement", ({ statement, becomes }) => {
    expect(rewritten(statement)).toBe(becomes);
  });

  it("declares words, of which those that are written are atomic, and leaves other bindings alone", () => {
    const code = packed(declarations);
    expect(code).toContain("var<storage, read> left: array<u32>;");
    expect(code).toContain("var<storage, read_write> right: array<atomic<u32>>;");
    expect(code).toContain("var<storage, read> sizes: array<u32>;");
    expect(code).not.toContain("fn storeLeft");
    expect(code).not.toContain("Sizes(");
  });

  it("refuses a declaration that it would overlook", () => {
    expect(() => packed("@group(0) @binding(0) var<storage,read> left: array<Stored>;")).toThrow("expected it as");
  });

  it("names a bracket that does not end", () => {
    expect(() => packed(`${declarations}\nlet x = left[i;`)).toThrow('got "[i;');
  });
});
