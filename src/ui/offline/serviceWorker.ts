/** What the page needs of a browser's service workers. */
export type Workers = Pick<ServiceWorkerContainer, "register" | "addEventListener" | "controller">;

export interface Offline {
  /** Starts the version that waits, and loads the page anew with it. */
  update(): void;
}

/**
 * Keeps the site in the browser, so that it opens without a network from the second visit on. A newer version waits:
 * `onUpdate` hears of it, and nothing changes before the user says so.
 *
 * @param reload called when the newer version has taken over.
 */
export async function startOffline(
  workers: Workers,
  { onUpdate, reload }: { readonly onUpdate: (offline: Offline) => void; readonly reload: () => void },
): Promise<void> {
  const registration = await workers.register("sw.js", { scope: "./", updateViaCache: "none" });
  let isAsked = false;
  const offer = (worker: ServiceWorker) =>
    onUpdate({
      update: () => {
        isAsked = true;
        worker.postMessage("take over");
      },
    });
  // The first version has nothing to replace.
  const offerWhenReady = (worker: ServiceWorker | null) =>
    worker?.addEventListener("statechange", () => {
      if (worker.state === "installed" && workers.controller !== null) offer(worker);
    });
  workers.addEventListener("controllerchange", () => {
    if (isAsked) reload();
  });
  if (registration.waiting !== null && workers.controller !== null) offer(registration.waiting);
  offerWhenReady(registration.installing);
  registration.addEventListener("updatefound", () => offerWhenReady(registration.installing));
}

/** A built site that was served from here before must not answer for the sources of now. */
export async function forgetOffline(workers: ServiceWorkerContainer): Promise<void> {
  const registrations = await workers.getRegistrations();
  await Promise.all(registrations.map((registration) => registration.unregister()));
}
