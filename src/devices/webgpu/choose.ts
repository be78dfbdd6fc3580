import type { Product, Tile, Variant } from "../../engine/graph/kernel.ts";
import type { Call } from "../../engine/graph/program.ts";
import { plainVariant } from "./linker.ts";

/** Products of fewer multiplications than this take the plain variant: they save less time than compiling another costs. */
const WORTH_CHOOSING = 2 ** 20;
/** On a GPU, where choosing means measuring, products must be larger. */
const WORTH_MEASURING = 2 ** 21;
/** Variants that are measured at most. */
const SHORTLIST = 4;
/** Workgroups of 256 invocations that fill a GPU of the middle class; below, part of it idles. */
const FILLING_INVOCATIONS = 2 ** 14;

/** Time to load one number for a tile, in multiplications, by who shares it. Workgroup memory is nearly free on a GPU. */
const loadCost: Readonly<Record<Tile["shared"], number>> = { invocation: 4, quad: 4, workgroup: 2 };

const multiplications = ({ rows, columns, depth }: Product): number => rows * columns * depth;

/** Rows or columns computed per row or column that is wanted: tiles hang over the edge. */
const padding = (size: number, tile: number): number => (Math.ceil(size / tile) * tile) / size;

/**
 * Modelled time of a variant on a GPU, in no unit, to order a shortlist by: what is computed, plus what is loaded, over the
 * share of the GPU that is busy. The order was not fitted to any GPU; the measurement decides.
 */
export function modelledTime(product: Product, { tile, passes }: Variant, invocations: number): number {
  const { rows, columns } = product;
  const computed = padding(rows, tile.rows) * padding(columns, tile.columns);
  const loaded = loadCost[tile.shared] * (1 / tile.rows + 1 / tile.columns);
  const busy = Math.min(1, invocations / FILLING_INVOCATIONS);
  const furtherPasses = (passes.length - 1) / product.depth;
  return (computed * (1 + loaded + furtherPasses)) / busy;
}

/** The variants that a device can run for a call, best first by the model. */
export function shortlist(call: Call, features: ReadonlySet<string>): readonly Variant[] {
  const { kernel, constants } = call;
  const { variants } = kernel;
  const plain = plainVariant(kernel);
  if (variants === undefined) return [plain];
  const product = variants.product(constants);
  if (multiplications(product) < WORTH_MEASURING) return [plain];
  const timeOf = (variant: Variant) => {
    const [x = 1, y = 1] = variant.passes[0]?.invocations(constants) ?? [];
    return modelledTime(product, variant, x * y);
  };
  return [plain, ...variants.others.filter((variant) => canRun(variant, call, features))]
    .map((variant) => ({ variant, time: timeOf(variant) }))
    .sort((a, b) => a.time - b.time)
    .slice(0, SHORTLIST)
    .map(({ variant }) => variant);
}

const canRun = ({ needs, fits }: Variant, { constants }: Call, features: ReadonlySet<string>): boolean =>
  needs.every((feature) => features.has(feature)) && fits(constants);

/**
 * The variant for a GPU that software simulates, chosen without measuring so that the first step is not late. There a load
 * costs as much as a dozen multiplications, and workgroup memory and barriers more than anything else: sharing loads in
 * quads wins for every product that is not tiny.
 */
export function softwareVariant(call: Call, features: ReadonlySet<string>): Variant {
  const { kernel, constants } = call;
  const { variants } = kernel;
  const plain = plainVariant(kernel);
  if (variants === undefined || multiplications(variants.product(constants)) < WORTH_CHOOSING) return plain;
  const isQuad = (variant: Variant) => variant.tile.shared === "quad" && canRun(variant, call, features);
  return variants.others.find(isQuad) ?? plain;
}
