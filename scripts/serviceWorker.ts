import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { forSite } from "./site.ts";

const SOURCE = fileURLToPath(new URL("../src/sw/sw.ts", import.meta.url));
const FILE = "sw.js";
/** Stands in the worker's source for the list of files. */
const PLACE = "__PRECACHE__";

/** What the site is made of, and a version that changes with any of it. */
export interface Precache {
  readonly version: string;
  /** Paths relative to the site's folder, in order. */
  readonly files: readonly string[];
}

/** A version from the contents of all files, so that two builds of the same sources are one version. */
export function precacheOf(contents: ReadonlyMap<string, string | Uint8Array>): Precache {
  const files = [...contents.keys()].sort();
  const hash = createHash("sha256");
  for (const file of files) {
    hash.update(`${file}\0`);
    hash.update(contents.get(file) ?? "");
    hash.update("\0");
  }
  return { version: hash.digest("hex").slice(0, 16), files };
}

async function publicFiles(folder: string): Promise<[string, Uint8Array][]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    paths.map(
      async (path): Promise<[string, Uint8Array]> => [
        path.slice(folder.length + 1).replaceAll("\\", "/"),
        await readFile(path),
      ],
    ),
  );
}

/**
 * Writes the service worker beside the site, with the list of all files that the build has made or copied, and tells the
 * page that it is there: other than `import.meta.env.PROD`, also in a site that is built for tests.
 */
export function serviceWorker(): Plugin {
  let publicDir = "";
  return {
    name: "downhill:service-worker",
    apply: forSite,
    config: () => ({ define: { "import.meta.env.VITE_OFFLINE": "true" } }),
    configResolved(config) {
      publicDir = config.publicDir;
    },
    buildStart() {
      this.emitFile({ type: "chunk", id: SOURCE, fileName: FILE });
    },
    generateBundle: {
      // After the pages have been written.
      order: "post",
      async handler(_, bundle) {
        const worker = bundle[FILE];
        if (worker?.type !== "chunk" || !worker.code.includes(PLACE)) {
          throw new Error(`${FILE}: got no chunk with ${PLACE}, expected one. Keep it in src/sw/sw.ts.`);
        }
        const made = Object.values(bundle)
          .filter(({ fileName }) => fileName !== FILE && !fileName.endsWith(".map"))
          .map((file): [string, string | Uint8Array] => [
            file.fileName,
            file.type === "chunk" ? file.code : file.source,
          ]);
        const precache = precacheOf(new Map([...made, ...(await publicFiles(publicDir))]));
        worker.code = worker.code.replaceAll(PLACE, JSON.stringify(precache));
      },
    },
  };
}
