/** A curve without axes in a box, on a log scale, as the data of an SVG path. What is not above 0 leaves a gap. */
export function sparkPath(
  values: readonly number[],
  { width, height }: { readonly width: number; readonly height: number },
): string {
  const logs = values.map((value) => (value > 0 && Number.isFinite(value) ? Math.log10(value) : Number.NaN));
  const known = logs.filter((log) => !Number.isNaN(log));
  if (known.length < 2) return "";
  const [low, high] = [Math.min(...known), Math.max(...known)];
  // A curve that hardly moves stays a line in the middle, and is not blown up to its noise
  const span = Math.max(high - low, LEAST_DECADES);
  const start = (low + high - span) / 2;
  let pen = "M";
  return logs
    .map((log, index) => {
      if (Number.isNaN(log)) {
        pen = "M";
        return "";
      }
      const x = (index / (values.length - 1)) * width;
      const y = height - ((log - start) / span) * height;
      const point = `${pen}${x.toFixed(1)},${y.toFixed(1)}`;
      pen = "L";
      return point;
    })
    .join("");
}

/** What the height of the box means at least, in powers of ten. */
const LEAST_DECADES = 0.5;

/** At most `most` of the points, evenly thinned; the newest stays. */
export function thinned<T>(points: readonly T[], most: number): readonly T[] {
  const every = Math.max(1, Math.ceil(points.length / most));
  return points.filter((_, index) => (points.length - 1 - index) % every === 0);
}
