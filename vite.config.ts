import { availableParallelism } from "node:os";
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
    // Several times what the slowest test takes alone: others run beside it, on machines of all kinds
    testTimeout: 240_000,
    hookTimeout: 240_000,
    projects: ["unit", "reference", "kernels", "training", "app", "speed"].map((name) => ({
      extends: true as const,
      test: {
        name,
        include: [`tests/${name}/**/*.test.ts`],
        environment: "node",
        // Pages and GPUs wait more than they compute. What holds a page to its speed runs alone, after all others
        maxWorkers: name === "speed" ? 1 : Math.min(4, availableParallelism()),
        sequence: { groupOrder: name === "speed" ? 1 : 0 },
        ...(name === "kernels" ? { globalSetup: ["./tests/kernels/setup.ts"] } : {}),
        ...(name === "app" || name === "speed" ? { globalSetup: ["./tests/app/setup.ts"] } : {}),
      },
    })),
  },
}));
