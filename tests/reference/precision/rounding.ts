import type { ReferenceKernel } from "../kernel.ts";

/** A binary format of IEEE 754's kind: significant bits, and the exponents of its least and its largest normal numbers. */
export interface BinaryFormat {
  readonly digits: number;
  readonly least: number;
  readonly most: number;
}

/** Table 3.5 of IEEE 754-2019 for binary16; bfloat16 is binary32 with 8 significant bits. By the kernels' numbers. */
export const binaryFormats: readonly BinaryFormat[] = [
  { digits: 11, least: -14, most: 15 },
  { digits: 8, least: -126, most: 127 },
];

/** floor(log2 |x|), exactly: `Math.log2` may round up to the next integer. */
function exponentOf(x: number): number {
  const near = Math.floor(Math.log2(Math.abs(x)));
  return 2 ** near > Math.abs(x) ? near - 1 : near;
}

/** The nearest integer, of two the even one. */
function nearestEven(x: number): number {
  const below = Math.floor(x);
  const distance = x - below;
  if (distance === 0.5) return below % 2 === 0 ? below : below + 1;
  return distance < 0.5 ? below : below + 1;
}

/** The nearest number of a format, ties to even, as roundTiesToEven of IEEE 754-2019, section 4.3.1. */
export function nearest(x: number, { digits, least, most }: BinaryFormat): number {
  if (x === 0 || !Number.isFinite(x)) return x;
  const quantum = 2 ** (Math.max(exponentOf(x), least) - (digits - 1));
  const magnitude = nearestEven(Math.abs(x) / quantum) * quantum;
  return Math.sign(x) * (magnitude >= 2 ** (most + 1) ? Number.POSITIVE_INFINITY : magnitude);
}

export const roundStored: ReferenceKernel = ({ bindings: { values }, constants: { format } }) => {
  values.set(values.map((x) => nearest(x, binaryFormats[format])));
};

export const castStored: ReferenceKernel = ({ bindings: { source, stored }, constants: { format } }) => {
  stored.set(source.map((x) => nearest(x, binaryFormats[format])));
};
