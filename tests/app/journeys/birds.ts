import { createRandom } from "../../../src/lib/random.ts";

const kinds = [
  { name: "Adelie", islands: ["Biscoe", "Dream", "Torgersen"], centre: [38.8, 18.3, 190, 3700] },
  { name: "Chinstrap", islands: ["Dream"], centre: [48.8, 18.4, 196, 3730] },
  { name: "Gentoo", islands: ["Biscoe"], centre: [47.5, 15.0, 217, 5080] },
];
const spread = [3.4, 1.4, 10, 520];
const digits = [1, 1, 0, 0];
/** Every so many rows a bird got away before it was weighed. */
const unweighed = 9;

/** Names of the columns of `birds`. */
export const columns = ["kind", "island", "bill_length", "bill_depth", "flipper_length", "mass"] as const;

/** A table like Gorman's penguins: three kinds of birds, islands, four measures, and some cells that are empty. */
export function birds(perKind = 40): readonly string[] {
  const random = createRandom(11, "data");
  const rows = Array.from({ length: perKind * kinds.length }, (_, row) => {
    const { name, islands, centre } = kinds[row % kinds.length] ?? { name: "", islands: [], centre: [] };
    const island = islands[random.integer(islands.length)] ?? "";
    const measured = centre.map((value, index) =>
      (value + (spread[index] ?? 0) * random.normal()).toFixed(digits[index] ?? 0),
    );
    const known = row % unweighed === 0 ? [...measured.slice(0, -1), ""] : measured;
    return [name, island, ...known].join(",");
  });
  return [columns.join(","), ...rows];
}

export const missingIn = (perKind: number): number => Math.ceil((perKind * kinds.length) / unweighed);
