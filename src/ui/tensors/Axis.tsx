import { For } from "solid-js";

/** Of a histogram with both signs: the last bins take larger values too, those in the middle smaller ones. */
export const signedMarks: readonly string[] = ["−16", "0", "16"];

/** What the ends and the middle of the histograms above mean. */
export const Axis = (props: { readonly marks: readonly string[] }) => (
  <span class="bars-axis" aria-hidden="true">
    <For each={props.marks}>{(mark) => <span>{mark}</span>}</For>
  </span>
);
