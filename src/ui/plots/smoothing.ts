/**
 * Exponential moving average, corrected for its start at 0, exactly as TensorBoard draws it: weight `weight` on what was
 * before, 0 to 1; what is not finite stays as it is and counts for nothing; a constant curve stays as it is.
 * https://github.com/tensorflow/tensorboard/blob/master/tensorboard/components/vz_line_chart2/line-chart.ts
 */
export function smooth(values: ArrayLike<number>, weight: number): Float64Array {
  const all = Float64Array.from(values);
  if (all.every((value) => value === all[0])) return all;
  let [last, count] = [0, 0];
  return all.map((value) => {
    if (!Number.isFinite(value)) return value;
    last = last * weight + (1 - weight) * value;
    count += 1;
    return last / (weight === 1 ? 1 : 1 - weight ** count);
  });
}
