/** Hue and dash of a series, as CSS for a stroke. Number 1 is the run on screen. */
export const lookOf = (series: number) => ({
  stroke: `var(--series-${series})`,
  "stroke-dasharray": `var(--dash-${series})`,
});
