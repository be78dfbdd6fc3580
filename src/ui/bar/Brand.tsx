import { For } from "solid-js";
import "../styles/brand.css";

const pages = [
  { name: "Train", href: "./index.html" },
  { name: "Benchmark", href: "./bench.html" },
] as const;

interface PageProps {
  /** The one on screen. */
  readonly page: (typeof pages)[number]["name"];
}

/** The way between the pages. */
export function Pages(props: PageProps) {
  return (
    <nav class="nav" aria-label="Pages">
      <For each={pages}>
        {({ name, href }) => (
          <a href={href} aria-current={name === props.page ? "page" : undefined}>
            {name}
          </a>
        )}
      </For>
    </nav>
  );
}

/** The mark of the project, and the way to its other page. */
export function Brand(props: PageProps) {
  return (
    <div class="brand">
      <h1 class="wordmark">
        <svg viewBox="0 0 22 22" aria-hidden="true">
          <path
            d="M1,4.5C9,4.5 8.5,18.5 21,18.5"
            fill="none"
            stroke="currentColor"
            stroke-width="1.75"
            stroke-linecap="round"
          />
          <circle cx="11.1" cy="5.9" r="3.3" fill="var(--ball)" />
        </svg>
        Downhill
      </h1>
      <Pages page={props.page} />
    </div>
  );
}
