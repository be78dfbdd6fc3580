import { type Component, lazy } from "solid-js";

/** A panel beside the task's picture; its code comes when it is first opened, and it is there only while it is open. */
export interface Panel {
  readonly label: string;
  readonly Body: Component;
}

/** In the order of their tabs. */
export const panels: readonly Panel[] = [
  { label: "Overfitting", Body: lazy(() => import("../overfit/OverfitPanel.tsx")) },
  { label: "Tensors", Body: lazy(() => import("../tensors/Tensors.tsx")) },
];
