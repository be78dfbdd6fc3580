import { createEffect, on, onCleanup } from "solid-js";
import { decodeConfig, encodeConfig } from "../../session/url.ts";
import type { ConfigStore } from "../configStore.ts";
import type { Lessons } from "./createLessons.ts";

export interface AddressOptions {
  readonly store: ConfigStore;
  readonly lessons: Lessons;
  readonly report: (problem: string) => void;
}

/** Keeps the address in step with the configuration and the lesson, and follows an address that the user edits. */
export function bindAddress({ store, lessons, report }: AddressOptions): void {
  const hash = () => `#${encodeConfig(store.config())}${lessons.lesson()?.address ?? ""}`;
  createEffect(
    on(
      [store.config, lessons.lesson],
      () => {
        if (location.hash !== hash()) history.replaceState(null, "", location.search + hash());
      },
      { defer: true },
    ),
  );
  const follow = () => {
    if (location.hash === hash()) return;
    const text = location.hash.slice(1);
    const { config, problems } = decodeConfig(text);
    for (const problem of problems) report(problem);
    // The locks of the old link end before the settings of the new one come.
    lessons.leave();
    store.load(config);
    lessons.read(text, config);
  };
  addEventListener("hashchange", follow);
  onCleanup(() => removeEventListener("hashchange", follow));
}
