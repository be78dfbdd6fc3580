import { type JSX, lazy, Show } from "solid-js";
import { Icon } from "../Icon.tsx";
import { usePlayground } from "../playground.ts";

const FreeControls = lazy(() => import("../share/FreeControls.tsx"));

export interface CardProps {
  readonly number: number;
  readonly title: string;
  /** One line that stands for the card when it is closed. */
  readonly summary: string;
  readonly children: JSX.Element;
}

/** A narrow screen starts with the first ingredient open: the picture and the plots come before the recipe there. */
const startsOpen = (number: number): boolean => number === 1 || !matchMedia("(max-width: 47.5em)").matches;

/** One of the five ingredients. */
export function Card(props: CardProps) {
  const { lessons } = usePlayground();
  const access = () => lessons.lesson()?.access(props.title) ?? "free";
  return (
    <details class="card" open={startsOpen(props.number)} hidden={access() === "hidden"}>
      <summary>
        <span class="n">{props.number}</span>
        <h2>{props.title}</h2>
        <span class="sum">{props.summary}</span>
        <Icon glyph="chevron" class="chev" />
      </summary>
      <Show when={access() === "locked"}>
        <p class="note lock">{lessons.lesson()?.lockText(props.title)}</p>
        <FreeControls paths={lessons.lesson()?.freePaths(props.title) ?? []} />
      </Show>
      <div class="body" inert={access() === "locked"}>
        {props.children}
      </div>
    </details>
  );
}

export interface MoreProps {
  readonly label: string;
  /** What the hidden settings are, in a few words. */
  readonly summary: string;
  readonly children: JSX.Element;
}

/** Settings that few change, behind one line. */
export function More(props: MoreProps) {
  return (
    <details class="more">
      <summary class="row two">
        <span class="lab">{props.label}</span>
        <span class="end">
          {props.summary}
          <Icon glyph="chevron" class="chev" />
        </span>
      </summary>
      {props.children}
    </details>
  );
}
