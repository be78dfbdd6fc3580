import { formatSetting } from "../lib/format.ts";

const words = ["no", "one", "two", "three", "four"] as const;

/** "Adam keeps two more numbers per parameter." */
export function keptPerParameter(label: string, numbers: number): string {
  const amount = words[numbers] ?? formatSetting(numbers, 2);
  return `${label} keeps ${amount} more ${numbers === 1 ? "number" : "numbers"} per parameter.`;
}
