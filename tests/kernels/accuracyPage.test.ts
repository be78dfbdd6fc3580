import { expect, it } from "vitest";
import page from "../../docs/accuracy.md?raw";
import { engineKernels } from "../fixtures/engineKernels.ts";

/** The kernels of which the page says an error on both devices. */
const measured = page
  .split("\n")
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .filter(([, , cpu = "", , webgpu = ""]) => /\d/.test(cpu) && /\d/.test(webgpu))
  .map(([, name]) => name);

it("docs/accuracy.md has the errors of every kernel, on both devices", () => {
  expect(engineKernels.length).toBeGreaterThan(30);
  const missing = engineKernels.map(({ name }) => name).filter((name) => !measured.includes(name));
  expect(missing, "Write the page with UPDATE=1 npm run test:kernels.").toEqual([]);
});
