import { Alerts } from "./Alerts.tsx";
import { TopBar } from "./bar/TopBar.tsx";
import { ComputeCard } from "./ingredients/ComputeCard.tsx";
import { DataCard } from "./ingredients/DataCard.tsx";
import { LossCard } from "./ingredients/LossCard.tsx";
import { ModelCard } from "./ingredients/ModelCard.tsx";
import { DropZone } from "./ingredients/OpenFile.tsx";
import { OptimizerCard } from "./ingredients/OptimizerCard.tsx";
import { Moves } from "./Moves.tsx";
import { createPlayground, PlaygroundProvider } from "./playground.ts";
import { Plots } from "./plots/Plots.tsx";
import { ReadingLine } from "./ReadingLine.tsx";
import { TaskFigure } from "./views/TaskFigure.tsx";
import "./tokens.css";
import "./styles/ground.css";
import "./styles/controls.css";
import "./styles/frame.css";
import "./styles/ingredients.css";

/** The page. Layout only: what things do stands in their own files. */
export function App(props: { readonly worker: Worker }) {
  return (
    <PlaygroundProvider value={createPlayground(props.worker)}>
      <div class="app">
        <TopBar />
        <div class="news">
          <Alerts />
          <ReadingLine />
        </div>
        <aside class="ingredients" aria-label="The five ingredients">
          <DataCard />
          <ModelCard />
          <LossCard />
          <OptimizerCard />
          <ComputeCard />
        </aside>
        <main class="view">
          <TaskFigure />
          <Moves />
        </main>
        <Plots />
      </div>
      <DropZone />
    </PlaygroundProvider>
  );
}
