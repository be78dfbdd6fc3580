import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";
import type { Plugin } from "vite";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const KERNELS = join(ROOT, "src/devices/cpu/kernels");
const CACHE = join(ROOT, "node_modules/.cache/downhill");
const ENTRY = "index.ts";
const MODULE = "virtual:cpu-kernels";
const RESOLVED = `\0${MODULE}`;

const flags = [
  ...["--optimizeLevel", "3", "--converge", "--noAssert", "--enable", "simd", "--enable", "threads"],
  ...["--runtime", "stub", "--use", "abort="],
  ...["--importMemory", "--sharedMemory", "--maximumMemory", "65536", "--exportTable", "--noColors"],
];

/** `strict` rounds every product and every sum; `relaxed` may fuse them, with relaxed SIMD. */
const builds = { strict: [], relaxed: ["--enable", "relaxed-simd"] } as const;
export type Build = keyof typeof builds;

/** Path below the kernels' folder to AssemblyScript source. */
export type Sources = Readonly<Record<string, string>>;

/** All sources of the CPU kernels. */
export async function kernelSources(): Promise<Sources> {
  const names = (await readdir(KERNELS, { recursive: true })).filter((name) => name.endsWith(".ts")).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(KERNELS, name), "utf8")));
  return Object.fromEntries(names.map((name, index) => [name, texts[index] ?? ""]));
}

/** A kernel takes its argument block and its part of the work; an activation has a function each way. */
const KERNEL = /^export function (\w+)\(\s*args: \w+,\s*_?part: u32,\s*_?parts: u32,?\s*\): void/gm;
const ACTIVATION = /^export function (\w+(?:For|Back)ward)\(/gm;

/** The sources, whose entry exports all kernels and activations too: what a device finds by name is listed nowhere. */
export function withKernelsExported(sources: Sources): Sources {
  const lines = Object.entries(sources).flatMap(([path, text]) => {
    const names = [...text.matchAll(path.startsWith("activations/") ? ACTIVATION : KERNEL)].map(([, name]) => name);
    return names.length === 0 ? [] : [`export { ${names.join(", ")} } from "./${path.replace(/\.ts$/, "")}";`];
  });
  return { ...sources, [ENTRY]: [sources[ENTRY], ...lines].join("\n") };
}

/** Compiles AssemblyScript in this process. Throws with the compiler's message. */
export async function compileAssemblyScript(
  sources: Sources,
  entry: string,
  build: Build = "strict",
): Promise<Uint8Array<ArrayBuffer>> {
  let binary: Uint8Array<ArrayBuffer> | undefined;
  const { error, stderr } = await asc.main([entry, "--outFile", "kernels.wasm", ...flags, ...builds[build]], {
    readFile: (name) => sources[name] ?? null,
    writeFile: (name, contents) => {
      if (name === "kernels.wasm" && typeof contents !== "string") binary = new Uint8Array(contents);
    },
    listFiles: () => [],
  });
  if (error !== null || binary === undefined) {
    throw new Error(
      `${entry}: got an error, expected AssemblyScript that compiles.\n${error?.message ?? ""}\n${stderr}`,
    );
  }
  return binary;
}

/** What is being compiled right now, by hash: the page's workers are bundled side by side and want the same. */
const underWay = new Map<string, Promise<Uint8Array>>();

/** As `compileAssemblyScript`, and remembers the result by the hash of all that it depends on. */
export function compileCached(sources: Sources, entry: string, build: Build): Promise<Uint8Array> {
  const hash = createHash("sha256")
    .update(JSON.stringify([asc.version, flags, builds[build], entry, sources]))
    .digest("hex");
  const binary = underWay.get(hash) ?? readOrCompile(hash, () => compileAssemblyScript(sources, entry, build));
  underWay.set(hash, binary);
  return binary;
}

async function readOrCompile(hash: string, compile: () => Promise<Uint8Array>): Promise<Uint8Array> {
  const path = join(CACHE, `${hash}.wasm`);
  const known = await readFile(path).catch(() => undefined);
  if (known !== undefined) return known;
  const binary = await compile();
  await mkdir(dirname(path), { recursive: true });
  // Several builds may run at once: a file appears under its name only when it is whole.
  const part = `${path}.${randomUUID()}.part`;
  await writeFile(part, binary);
  await rename(part, path);
  return binary;
}

/**
 * Serves the CPU kernels as the module `virtual:cpu-kernels`, whose functions bring the bytes of both builds. The built
 * site fetches them as files, when a CPU device is opened; elsewhere they are inlined, because Node and the tests load
 * them the same way then. Compile errors fail the build.
 */
export function assemblyScript(): Plugin {
  let isSite = false;
  return {
    name: "downhill:assemblyscript",
    configResolved({ command, build }) {
      isSite = command === "build" && !build.ssr;
    },
    resolveId: (id) => (id === MODULE ? RESOLVED : undefined),
    async load(id) {
      if (id !== RESOLVED) return undefined;
      const sources = await kernelSources();
      for (const name of Object.keys(sources)) this.addWatchFile(join(KERNELS, name));
      const exporting = withKernelsExported(sources);
      const lines = Object.keys(builds).map(async (build) => {
        const binary = await compileCached(exporting, ENTRY, build as Build);
        if (!isSite) return `export const ${build} = async () => ${inlined(binary)};`;
        const file = this.emitFile({ type: "asset", name: `kernels-${build}.wasm`, source: binary });
        return `export const ${build} = async () => ${fetched(`import.meta.ROLLUP_FILE_URL_${file}`)};`;
      });
      return (await Promise.all(lines)).join("\n");
    },
  };
}

const inlined = (binary: Uint8Array): string =>
  `Uint8Array.from(atob("${Buffer.from(binary).toString("base64")}"), (character) => character.charCodeAt(0))`;

const fetched = (url: string): string => `new Uint8Array(await (await fetch(${url})).arrayBuffer())`;
