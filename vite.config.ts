import solid from "vite-plugin-solid";
import { defineConfig } from "vitest/config";
import { assemblyScript } from "./scripts/assemblyscript.ts";
import { serviceWorker } from "./scripts/serviceWorker.ts";
import { shaders } from "./scripts/shaders.ts";

/** Threads over shared memory, and later precise timers, need a cross-origin isolated page. */
const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

export default defineConfig(({ mode }) => ({
  // Relative URLs: the site can be served from any path.
  base: "./",
  // Tests run in Node, where this plugin would make packages resolve as in a browser.
  plugins: [mode === "test" ? [] : solid(), assemblyScript(), shaders("page"), serviceWorker()],
  worker: { format: "es", plugins: () => [assemblyScript(), shaders("worker")] },
  build: {
    target: "es2023",
    chunkSizeWarningLimit: 600,
    rollupOptions: { input: ["index.html", "bench.html"] },
  },
  server: { headers: isolation },
  preview: { headers: isolation },
  test: {
    environment: "node",
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: ["unit", "reference", "kernels", "training", "app"].map((name) => ({
      extends: true as const,
      test: {
        name,
        include: [`tests/${name}/**/*.test.ts`],
        environment: "node",
        ...(name === "kernels" ? { globalSetup: ["./tests/kernels/setup.ts"] } : {}),
        ...(name === "app" ? { globalSetup: ["./tests/app/setup.ts"], testTimeout: 120_000 } : {}),
      },
    })),
  },
}));
