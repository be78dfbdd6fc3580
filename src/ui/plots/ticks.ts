/** Where axes have their lines. */

const steps = [1, 2, 5, 10] as const;

/** Multiples of 1, 2 or 5 times a power of ten inside [low, high], at most `most` of them. */
export function linearTicks(low: number, high: number, most: number): readonly number[] {
  if (!(high > low)) return [low];
  const power = 10 ** Math.floor(Math.log10((high - low) / most));
  const grain = steps
    .map((step) => step * power)
    .find((size) => Math.floor(high / size + 1e-9) - Math.ceil(low / size - 1e-9) < most);
  const size = grain ?? 10 * power;
  const first = Math.ceil(low / size - 1e-9);
  const last = Math.floor(high / size + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * size).toPrecision(12)));
}

/** Numbers 1, 2, 5 of each decade inside [low, high]; fewer of each, then fewer decades, until at most `most` are left. */
export function logTicks(low: number, high: number, most: number): readonly number[] {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const inside = (values: readonly number[]) =>
    values.filter((value) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9));
  const decades = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  for (const mantissas of [[1, 2, 5], [1]]) {
    const ticks = inside(decades.flatMap((power) => mantissas.map((mantissa) => Number(`${mantissa}e${power}`))));
    if (ticks.length <= most && ticks.length > 1) return ticks;
  }
  const stride = Math.max(1, Math.ceil(decades.length / most));
  const sparse = inside(decades.filter((power) => power % stride === 0).map((power) => Number(`1e${power}`)));
  return sparse.length > 1 ? sparse : linearTicks(low, high, most);
}
