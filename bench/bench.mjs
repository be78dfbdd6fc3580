// Runs the headless benchmark: bundles it, measures, prints tables.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { bundle } from "./bundle.mjs";

const cache = fileURLToPath(new URL("../node_modules/.cache/bench", import.meta.url));
await mkdir(cache, { recursive: true });
const folder = await mkdtemp(join(cache, "run-"));
await bundle(folder);
const { bench } = await import(pathToFileURL(join(folder, "bench.mjs")).href);
await rm(folder, { recursive: true, force: true });

// npm changes into the project's folder; paths mean the folder that the user is in.
const here = (process.env.npm_lifecycle_event === "bench" && process.env.INIT_CWD) || process.cwd();
const code = await bench(process.argv.slice(2), {
  folder: here,
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
});
// Threads of the devices would keep the process; what was written goes out first.
process.stdout.write("", () => process.stderr.write("", () => process.exit(code)));
