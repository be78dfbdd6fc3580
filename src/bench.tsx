import { render } from "solid-js/web";
import { createBenchClient } from "./bench/client.ts";
import { BenchApp } from "./ui/bench/BenchApp.tsx";
import { applyStoredTheme } from "./ui/theme.ts";

applyStoredTheme();

const client = createBenchClient(() => new Worker(new URL("./bench/worker.ts", import.meta.url), { type: "module" }));

// For scripts that compare engines; src/bench/options.ts says what they can ask for.
Object.assign(globalThis, { downhill: { benchmark: client.benchmark } });

const root = document.getElementById("root");
if (root === null) throw new Error("Page: got no element #root, expected one in bench.html. Add it.");

render(() => <BenchApp client={client} />, root);
