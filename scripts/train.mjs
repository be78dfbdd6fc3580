// Runs the headless trainer. Its bundle is built once per state of the sources and kept, so that later runs start at once.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const cache = join(root, "node_modules", ".cache", "train");
const sources = ["src", "shaders", "scripts", "vite.config.ts", "package.json", "package-lock.json"];

/** All files below a path, in an order that does not depend on the machine. */
function filesBelow(path) {
  if (!statSync(path).isDirectory()) return [path];
  const names = readdirSync(path).sort();
  return names.flatMap((name) => filesBelow(join(path, name)));
}

function hashOfSources() {
  const hash = createHash("sha256");
  for (const file of sources.flatMap((source) => filesBelow(join(root, source)))) {
    hash
      .update(`${file.slice(root.length)}\0`)
      .update(readFileSync(file))
      .update("\0");
  }
  return hash.digest("hex").slice(0, 24);
}

/** Builds into a folder of its own and renames it, so that several runs at once never see half a bundle. */
async function build(folder) {
  const { build: bundle } = await import("vite");
  await mkdir(cache, { recursive: true });
  const own = await mkdtemp(join(cache, "building-"));
  await bundle({
    root,
    configFile: join(root, "vite.config.ts"),
    logLevel: "error",
    publicDir: false,
    build: {
      ssr: "src/headless/train.ts",
      outDir: own,
      emptyOutDir: false,
      minify: false,
      target: "node20",
      rollupOptions: { output: { entryFileNames: "train.mjs" } },
    },
  });
  try {
    await rename(own, folder);
  } catch (error) {
    await rm(own, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

/** Bundles of sources that have changed since; a day is longer than any run that may still start from one. */
async function removeOld() {
  const day = 24 * 60 * 60 * 1000;
  for (const name of await readdir(cache)) {
    const found = await stat(join(cache, name)).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > day)
      await rm(join(cache, name), { recursive: true, force: true });
  }
}

const bundled = join(cache, hashOfSources());
if (!existsSync(bundled)) {
  await build(bundled);
  await removeOld();
}
const { train } = await import(pathToFileURL(join(bundled, "train.mjs")).href);

let stopped = false;
process.once("SIGINT", () => {
  stopped = true;
});
// npm changes into the project's folder; paths mean the folder that the user is in.
const folder = (process.env.npm_lifecycle_event === "train" && process.env.INIT_CWD) || process.cwd();
const code = await train(process.argv.slice(2), {
  folder,
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
  stopped: () => stopped,
});
// Dawn's threads and the CPU device's would keep the process; what was written goes out first.
process.stdout.write("", () => process.stderr.write("", () => process.exit(code)));
