import { For } from "solid-js";
import type { FileKind } from "../export/index.ts";
import { Popover } from "./Popover.tsx";

export interface PlotMenuProps {
  /** Of the plot. */
  readonly label: string;
  readonly isFull: boolean;
  readonly onFull: () => void;
  readonly onTable: () => void;
  readonly onSave: (kind: FileKind) => void;
  readonly onCopy: (kind: "png" | "csv") => void;
}

const kinds: readonly FileKind[] = ["png", "svg", "csv", "json"];

/** What one can do with a plot, besides looking at it. */
export function PlotMenu(props: PlotMenuProps) {
  return (
    <Popover label={`${props.label} menu`} glyph="more">
      {(close) => {
        const item = (label: string, act: () => void) => (
          <button
            type="button"
            class="btn bare"
            onClick={() => {
              close();
              act();
            }}
          >
            {label}
          </button>
        );
        return (
          <div class="menu">
            {item(props.isFull ? "Leave full screen" : "Full screen", props.onFull)}
            {item("Table of values", props.onTable)}
            <For each={kinds}>{(kind) => item(`Save ${kind.toUpperCase()}`, () => props.onSave(kind))}</For>
            {item("Copy picture", () => props.onCopy("png"))}
            {item("Copy values", () => props.onCopy("csv"))}
          </div>
        );
      }}
    </Popover>
  );
}
