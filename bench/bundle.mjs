// Bundles the headless benchmark into one ES module; only Node's own modules and the package `webgpu` stay outside.
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Writes `bench.mjs` into a folder. */
export async function bundle(folder) {
  await build({
    root,
    configFile: `${root}/vite.config.ts`,
    logLevel: "error",
    publicDir: false,
    ssr: { noExternal: true, external: ["webgpu"] },
    build: {
      ssr: "bench/node.ts",
      outDir: folder,
      emptyOutDir: false,
      minify: false,
      target: "node20",
      rollupOptions: { input: `${root}/bench/node.ts`, output: { entryFileNames: "bench.mjs", codeSplitting: false } },
    },
  });
}

// node bench/bundle.mjs FOLDER
if (process.argv[1] === fileURLToPath(import.meta.url) && process.argv[2] !== undefined) await bundle(process.argv[2]);
