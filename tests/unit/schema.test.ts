import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { parseConfig } from "../../src/session/check.ts";
import { fieldsOf, registries } from "../../src/session/fields.ts";
import { runSchema } from "../../src/session/schema.ts";
import { sections, withTables } from "../fixtures/runConfig.ts";

const schemaFile = new URL("../../public/run.schema.json", import.meta.url);
const pageFile = new URL("../../docs/run-config.md", import.meta.url);
const derived = `${JSON.stringify(runSchema(), null, 2)}\n`;

// `UPDATE=1 npx vitest run tests/unit/schema.test.ts` writes both files anew after a definition changed.
if (process.env.UPDATE === "1") {
  await writeFile(schemaFile, derived);
  await writeFile(pageFile, withTables(await readFile(pageFile, "utf8")));
}
const page = await readFile(pageFile, "utf8");

test("the published schema is the one that the registries give (UPDATE=1 rewrites it)", async () => {
  expect(await readFile(schemaFile, "utf8")).toBe(derived);
});

describe("docs/run-config.md", () => {
  test("has the tables that the registries give (UPDATE=1 rewrites them)", () => {
    for (const name of Object.keys(sections)) expect(page).toContain(`<!-- table: ${name} -->`);
    expect(page).toBe(withTables(page));
  });

  test.each(Object.entries(registries))("mentions every %s and every hyperparameter of it", (_, field) => {
    for (const kind of Object.keys(field.registry)) {
      expect(page).toContain(`\`${kind}\``);
      for (const name of Object.keys(fieldsOf(field, kind))) expect(page).toContain(`\`${name}\``);
    }
  });

  const examples = [...page.matchAll(/```json\n([\s\S]*?)```/g)]
    .map((match) => match[1] ?? "")
    .filter((text) => !text.includes("…"));

  test("has two complete examples, and the check accepts both as they stand", () => {
    expect(examples).toHaveLength(2);
    for (const example of examples) {
      const checked = parseConfig(example);
      expect(checked).toMatchObject({ ok: true, config: JSON.parse(example) });
    }
  });
});
