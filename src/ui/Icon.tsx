/** Line glyphs on a 16 px grid, drawn in the colour of the text around them. */
const glyphs = {
  advice: "M8 2.5 14.5 13.5h-13zM8 6.5v3.5M8 11.9v.1",
  chevron: "M6 4l4 4-4 4",
  close: "M4 4l8 8M12 4l-8 8",
  device: "M4.5 4.5h7v7h-7zM6.5 2.5v2M9.5 2.5v2M6.5 11.5v2M9.5 11.5v2M2.5 6.5h2M2.5 9.5h2M11.5 6.5h2M11.5 9.5h2",
  dials: "M2.5 5h5M11.5 5h2M2.5 11h1M7.5 11h6M7.5 5a2 2 0 1 0 4 0a2 2 0 1 0-4 0M3.5 11a2 2 0 1 0 4 0a2 2 0 1 0-4 0",
  dice: "M2.5 2.5h11v11h-11zM5.5 5.5h.01M10.5 10.5h.01M8 8h.01M10.5 5.5h.01M5.5 10.5h.01",
  download: "M8 2.5v8M5 8l3 3 3-3M3 13.5h10",
  eye: "M1.5 8s2.5-4 6.5-4 6.5 4 6.5 4-2.5 4-6.5 4-6.5-4-6.5-4zM6.25 8a1.75 1.75 0 1 0 3.5 0a1.75 1.75 0 1 0-3.5 0",
  eyeOff:
    "M3 3l10 10M6.3 4.2A7 7 0 0 1 8 4c4 0 6.5 4 6.5 4a12 12 0 0 1-1.8 2.1M4 5.4A11 11 0 0 0 1.5 8S4 12 8 12c.6 0 1.2-.1 1.7-.2",
  epoch: "M2.5 3.5v9l5-4.5zM7.5 3.5v9l5-4.5zM13.5 3.5v9",
  file: "M4 1.5h5.5L12.5 4.5v10h-8.5zM9.5 1.5v3h3M6 8h5M6 11h5",
  help: "M6 6.2a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.5M8 11.9v.1",
  fit: "M2.5 5.5v-3h3M10.5 2.5h3v3M13.5 10.5v3h-3M5.5 13.5h-3v-3",
  information: "M2 8a6 6 0 1 0 12 0a6 6 0 1 0-12 0M8 7.2v4M8 4.9v.1",
  log: "M3 4h1M6.5 4H13M3 8h1M6.5 8H13M3 12h1M6.5 12H13",
  minus: "M3.5 8h9",
  more: "M3 8h.01M8 8h.01M13 8h.01",
  options:
    "M2.5 5h6M11.5 5h2M8.5 5a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0-3 0M2.5 11h2M7.5 11h6M4.5 11a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0-3 0",
  move: "M3.5 3.5v9l6-4.5zM11.5 8h.01M13.5 8h.01",
  pause: "M4 2.5h3v11H4zM9 2.5h3v11H9z",
  pin: "M9.5 2 14 6.5l-1.5.5-2.5 2.5-.5 3-5.5-5.5 3-.5 2.5-2.5zM6 10l-3.5 3.5",
  play: "M4.5 2.5v11l9-5.5z",
  plus: "M8 3.5v9M3.5 8h9",
  redo: "M13 6.5H7a4 4 0 0 0 0 8h3M10 3.5l3 3-3 3",
  reset: "M3 8a5 5 0 1 0 1.6-3.7M3 2.5V5h2.5",
  share: "M8 10V2.5M5 5l3-3 3 3M3.5 8v5.5h9V8",
  source: "M9.5 3H13v3.5M13 3 7.5 8.5M11.5 9.5V13H3V4.5h3.5",
  star: "M8 2l1.8 3.9 4.2.5-3.1 2.9.8 4.2L8 11.4l-3.7 2.1.8-4.2L2 6.4l4.2-.5z",
  step: "M3.5 3.5v9l6-4.5zM12.5 3.5v9",
  stop: "M5.5 2h5L14 5.5v5L10.5 14h-5L2 10.5v-5zM5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4",
  theme: "M2.5 8a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0-11 0M8 2.5v11M8 4.5h3.9M8 7h5M8 9.5h5M8 12h3.5",
  trash: "M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.5 9h6l.5-9M7 7v4M9 7v4",
  undo: "M3 6.5h6a4 4 0 0 1 0 8H6M6 3.5l-3 3 3 3",
  upload: "M8 10.5v-8M5 5l3-3 3 3M3 13.5h10",
} as const;

export type Glyph = keyof typeof glyphs;

/** Decorative: the control around it carries the name. */
export function Icon(props: { readonly glyph: Glyph; readonly class?: string }) {
  return (
    <svg class={`icon ${props.class ?? ""}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={glyphs[props.glyph]} />
    </svg>
  );
}
