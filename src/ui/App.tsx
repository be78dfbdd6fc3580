import { lazy } from "solid-js";
import { Alerts } from "./Alerts.tsx";
import { BranchOffer } from "./BranchOffer.tsx";
import { Pages } from "./bar/Brand.tsx";
import { TopBar } from "./bar/TopBar.tsx";
import { ComputeCard } from "./ingredients/ComputeCard.tsx";
import { DataCard } from "./ingredients/DataCard.tsx";
import { LossCard } from "./ingredients/LossCard.tsx";
import { ModelCard } from "./ingredients/ModelCard.tsx";
import { DropZone } from "./ingredients/OpenFile.tsx";
import { OptimizerCard } from "./ingredients/OptimizerCard.tsx";
import { Moves } from "./Moves.tsx";
import { createPlayground, PlaygroundProvider } from "./playground.ts";
import { ReadingLine } from "./ReadingLine.tsx";
import { RunsPlace } from "./runs/RunsPlace.tsx";
import { StopPlace } from "./StopPlace.tsx";
import { isEmbedded } from "./share/embedded.ts";
import { LessonPlace } from "./share/LessonPlace.tsx";
import { TaskFigure } from "./views/TaskFigure.tsx";
import "./tokens.css";
import "./styles/ground.css";
import "./styles/controls.css";
import "./styles/frame.css";
import "./styles/ingredients.css";

/** Curves come with the first steps, a moment after the controls. */
const Plots = lazy(async () => ({ default: (await import("./plots/Plots.tsx")).Plots }));
/** It keeps the site for visits without a network, which can wait. */
const UpdateNotice = lazy(() => import("./offline/UpdateNotice.tsx"));

/** The page. Layout only: what things do stands in their own files. */
export function App(props: { readonly worker: Worker }) {
  return (
    <PlaygroundProvider value={createPlayground(props.worker)}>
      <div class="app" classList={{ embed: isEmbedded() }}>
        <TopBar />
        <div class="news">
          <Alerts />
          <UpdateNotice />
          <LessonPlace />
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
          <StopPlace />
          <BranchOffer />
          <TaskFigure />
          <Moves />
        </main>
        <Plots />
        <RunsPlace />
        <footer class="foot">
          <Pages page="Train" />
        </footer>
      </div>
      <DropZone />
    </PlaygroundProvider>
  );
}
