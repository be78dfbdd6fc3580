/**
 * Serves the page without a network, after its first visit. The build writes the list of all its files, with a version
 * that is a hash of their contents, in the place of `__PRECACHE__`; a new version is fetched whole, and waits until the
 * page says so or until no page of the old one is open, so that no code changes under a run.
 */
declare const self: ServiceWorkerGlobalScope;
declare const __PRECACHE__: { readonly version: string; readonly files: readonly string[] };

const { version, files } = __PRECACHE__;
/** Caches belong to the origin, which may serve several copies of the page from several folders. */
const family = `downhill ${self.registration.scope} `;
const name = family + version;
/** Versions that are kept: the present one, and the one before for pages that still run it. */
const KEPT = 2;

const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};

/** The same with the headers that give the page threads, also where its host does not send them. */
function isolated(response: Response): Response {
  if (response.status === 0 || response.type === "opaqueredirect") return response;
  const headers = new Headers(response.headers);
  for (const [header, value] of Object.entries(isolation)) headers.set(header, value);
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}

async function install(): Promise<void> {
  const cache = await caches.open(name);
  await cache.addAll(files.map((file) => new Request(new URL(file, self.registration.scope), { cache: "no-cache" })));
}

async function removeOldVersions(): Promise<void> {
  const own = (await caches.keys()).filter((key) => key.startsWith(family) && key !== name);
  await Promise.all(own.slice(0, Math.max(0, own.length - (KEPT - 1))).map((key) => caches.delete(key)));
}

/** The cached file: of this version, or of the one before for a page that is still of that one. */
async function cached(request: Request): Promise<Response | undefined> {
  const { origin, pathname } = new URL(request.url);
  const path = `${origin}${pathname.endsWith("/") ? `${pathname}index.html` : pathname}`;
  const present = await (await caches.open(name)).match(path);
  if (present !== undefined) return present;
  for (const key of (await caches.keys()).filter((each) => each.startsWith(family))) {
    const older = await (await caches.open(key)).match(path);
    if (older !== undefined) return older;
  }
  return undefined;
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(removeOldVersions().then(() => self.clients.claim())));
self.addEventListener("message", ({ data }) => {
  if (data === "take over") void self.skipWaiting();
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const isOurs = request.method === "GET" && request.url.startsWith(self.registration.scope);
  if (!isOurs) return;
  event.respondWith(cached(request).then(async (response) => isolated(response ?? (await fetch(request)))));
});

// Without it the names of this file would be those of all files.
export {};
