import { render } from "solid-js/web";
import { App } from "./ui/App.tsx";
import { applyStoredTheme } from "./ui/theme.ts";

applyStoredTheme();

const root = document.getElementById("root");
if (root === null) throw new Error("Page: got no element #root, expected one in index.html. Add it.");

render(() => {
  const worker = new Worker(new URL("./session/worker.ts", import.meta.url), { type: "module" });
  return <App worker={worker} />;
}, root);
