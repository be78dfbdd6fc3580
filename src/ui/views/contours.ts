/** One value per grid point, row by row from the lowest y. */
export type Field = (column: number, row: number) => number;

/** A straight piece of a contour in grid coordinates. */
export type Segment = readonly [x1: number, y1: number, x2: number, y2: number];

/**
 * Where a field on a `size` x `size` grid crosses a level, by marching squares (Lorensen and Cline 1987, in the plane)
 * with linear interpolation along the edges.
 */
export function contour(field: Field, size: number, level: number): readonly Segment[] {
  const segments: Segment[] = [];
  for (let row = 0; row + 1 < size; row++) {
    for (let column = 0; column + 1 < size; column++) {
      const a = field(column, row) - level;
      const b = field(column + 1, row) - level;
      const c = field(column + 1, row + 1) - level;
      const d = field(column, row + 1) - level;
      // Almost every cell lies on one side.
      if (a < 0 === b < 0 && b < 0 === c < 0 && c < 0 === d < 0) continue;
      crossCell([a, b, c, d], column, row, segments);
    }
  }
  return segments;
}

type Corners = readonly [number, number, number, number];

/** Corners run counter-clockwise from the lowest left; a saddle is cut into the two pieces that its crossings give. */
function crossCell(corners: Corners, column: number, row: number, segments: Segment[]): void {
  const points: (readonly [number, number])[] = [];
  const edge = (from: number, to: number, x: number, y: number, dx: number, dy: number) => {
    if (from < 0 === to < 0) return;
    const share = from / (from - to);
    points.push([x + dx * share, y + dy * share]);
  };
  const [a, b, c, d] = corners;
  edge(a, b, column, row, 1, 0);
  edge(b, c, column + 1, row, 0, 1);
  edge(c, d, column + 1, row + 1, -1, 0);
  edge(d, a, column, row + 1, 0, -1);
  for (let index = 0; index + 1 < points.length; index += 2) {
    const [from, to] = [points[index], points[index + 1]];
    if (from && to) segments.push([from[0], from[1], to[0], to[1]]);
  }
}
