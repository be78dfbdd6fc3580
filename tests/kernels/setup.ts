import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import type { Accuracy } from "./accuracy.ts";

const page = new URL("../../docs/accuracy.md", import.meta.url);

const head = `# Accuracy

The largest error of each kernel on each device, over everything that the kernels' tests compare with float64: awkward
sizes from 1 to 1025, one and three replicas. Written by the tests: \`UPDATE=1 npm run test:kernels\`.

- **error**: the largest distance of an element from its float64 reference, relative to the largest magnitude of its
  tensor; 1.2e-7 is one unit in the last place of float32 at that magnitude.
- **of bound**: the largest share of the bound derived for the element (\`tests/kernels/tolerances.ts\`); a test fails above 1.

WebGPU is Mesa's lavapipe here; another driver may round and reassociate differently within WGSL's rules.

| kernel | CPU: error | of bound | WebGPU: error | of bound |
| :-- | --: | --: | --: | --: |
`;

/** The worst of all test files, by kernel and device. */
function worst(lines: readonly string[]): ReadonlyMap<string, ReadonlyMap<string, Accuracy>> {
  const kernels = new Map<string, Map<string, Accuracy>>();
  for (const line of lines) {
    const entry = JSON.parse(line) as Accuracy;
    const devices = kernels.get(entry.kernel) ?? new Map<string, Accuracy>();
    const before = devices.get(entry.device) ?? { ...entry, relative: 0, share: 0 };
    const [relative, share] = [Math.max(before.relative, entry.relative), Math.max(before.share, entry.share)];
    kernels.set(entry.kernel, devices.set(entry.device, { ...entry, relative, share }));
  }
  return kernels;
}

const cells = (accuracy: Accuracy | undefined): string =>
  accuracy === undefined ? "– | –" : `${accuracy.relative.toExponential(1)} | ${accuracy.share.toFixed(2)}`;

function table(lines: readonly string[]): string {
  const rows = [...worst(lines)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return rows.map(([name, of]) => `| ${name} | ${cells(of.get("cpu"))} | ${cells(of.get("webgpu"))} |\n`).join("");
}

/** Gathers what the test files measured, and writes the page where that is asked for. */
export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), "downhill-accuracy-"));
  const log = join(folder, "errors.jsonl");
  project.provide("accuracyLog", log);
  return () => {
    const lines = existsSync(log)
      ? readFileSync(log, "utf8")
          .split("\n")
          .filter((line) => line !== "")
      : [];
    if (process.env.UPDATE === "1" && lines.length > 0) writeFileSync(page, head + table(lines));
    rmSync(folder, { recursive: true });
  };
}
