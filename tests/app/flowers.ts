import { createRandom } from "../../src/lib/random.ts";

const kinds = [
  { name: "setosa", centre: [5.0, 3.4, 1.5, 0.2] },
  { name: "versicolor", centre: [5.9, 2.8, 4.3, 1.3] },
  { name: "virginica", centre: [6.6, 3.0, 5.6, 2.1] },
];

/** A table like Fisher's irises: three kinds, four measures, fifty rows each. */
export function flowers(): string {
  const random = createRandom(7, "data");
  const rows = kinds.flatMap(({ name, centre }) =>
    Array.from({ length: 50 }, () =>
      [...centre.map((value) => (value + 0.22 * random.normal()).toFixed(2)), name].join(","),
    ),
  );
  return ["sepal_length,sepal_width,petal_length,petal_width,species", ...rows].join("\n");
}
