import { defineDataset } from "./dataset.ts";
import { noiseParameter, sizeParameter } from "./parameters.ts";
import { HALF_WIDTH, samplePlane } from "./plane.ts";

export const checkerboard = defineDataset({
  label: "Checkerboard",
  description: "Squares of alternating classes. Every further row asks for more bends of the boundary.",
  task: "classification",
  hyperparameters: {
    size: sizeParameter(600),
    noise: noiseParameter(0.03),
    rows: {
      kind: "number",
      label: "Rows",
      default: 4,
      min: 2,
      max: 8,
      scale: "linear",
      integer: true,
      help: "Squares per side of the board.",
    },
  },
  classes: () => 2,
  sample: ({ size, noise, rows }, random) => {
    const squares = Array.from({ length: rows * rows }, (_, i) => ({ row: Math.floor(i / rows), column: i % rows }));
    const squaresOf = [0, 1].map((colour) => squares.filter(({ row, column }) => (row + column) % 2 === colour));
    const side = (2 * HALF_WIDTH) / rows;
    return samplePlane({
      size,
      noise,
      classes: 2,
      random,
      point: (label) => {
        const own = squaresOf[label] ?? squares;
        const { row, column } = own[Math.floor(own.length * random.uniform())] ?? { row: 0, column: 0 };
        return [side * (column + random.uniform()) - HALF_WIDTH, side * (row + random.uniform()) - HALF_WIDTH];
      },
    });
  },
});
