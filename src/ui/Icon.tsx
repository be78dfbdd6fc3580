/** Line glyphs on a 16 px grid, drawn in the colour of the text around them. */
const glyphs = {
  advice: "M8 2.5 14.5 13.5h-13zM8 6.5v3.5M8 11.9v.1",
  chevron: "M6 4l4 4-4 4",
  close: "M4 4l8 8M12 4l-8 8",
  device: "M4.5 4.5h7v7h-7zM6.5 2.5v2M9.5 2.5v2M6.5 11.5v2M9.5 11.5v2M2.5 6.5h2M2.5 9.5h2M11.5 6.5h2M11.5 9.5h2",
  dice: "M2.5 2.5h11v11h-11zM5.5 5.5h.01M10.5 10.5h.01M8 8h.01M10.5 5.5h.01M5.5 10.5h.01",
  file: "M4 1.5h5.5L12.5 4.5v10h-8.5zM9.5 1.5v3h3M6 8h5M6 11h5",
  information: "M2 8a6 6 0 1 0 12 0a6 6 0 1 0-12 0M8 7.2v4M8 4.9v.1",
  minus: "M3.5 8h9",
  pause: "M4 2.5h3v11H4zM9 2.5h3v11H9z",
  play: "M4.5 2.5v11l9-5.5z",
  plus: "M8 3.5v9M3.5 8h9",
  reset: "M3 8a5 5 0 1 0 1.6-3.7M3 2.5V5h2.5",
  source: "M9.5 3H13v3.5M13 3 7.5 8.5M11.5 9.5V13H3V4.5h3.5",
  step: "M3.5 3.5v9l6-4.5zM12.5 3.5v9",
  stop: "M5.5 2h5L14 5.5v5L10.5 14h-5L2 10.5v-5zM5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4",
  theme: "M2.5 8a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0-11 0M8 2.5v11M8 4.5h3.9M8 7h5M8 9.5h5M8 12h3.5",
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
