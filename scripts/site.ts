import type { Plugin } from "vite";

/** For plugins that belong to the built site, and neither to the dev server nor to the programs for Node. */
export const forSite: NonNullable<Plugin["apply"]> = (config, { command }) => command === "build" && !config.build?.ssr;
