import { type Theme, theme } from "./theme.ts";

/** Red, green and blue, each 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

const resolved = new Map<string, string>();
let probe: HTMLElement | undefined;

function resolve(token: string): string {
  if (probe === undefined) {
    probe = document.createElement("span");
    probe.hidden = true;
    document.body.append(probe);
  }
  // Custom properties keep `light-dark()` as written; only a real property is computed.
  probe.style.color = `var(${token})`;
  return getComputedStyle(probe).color;
}

/** The colour of a design token in the theme on screen, as canvas wants it. Tracked: it changes with the theme. */
export function color(token: string): string {
  const key = `${theme()} ${token}`;
  const known = resolved.get(key);
  if (known !== undefined) return known;
  const value = resolve(token);
  resolved.set(key, value);
  return value;
}

/** The same as numbers, for pixels. */
export function rgb(token: string): Rgb {
  const [red = 0, green = 0, blue = 0] = (color(token).match(/[\d.]+/g) ?? []).map(Number);
  return [red, green, blue];
}

/** The number whose bytes, in memory, are red, green, blue and 255: a pixel of an `ImageData`. */
export const packed = ([red, green, blue]: Rgb): number =>
  (0xff << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red);

/** `amount` of one colour over another, 0 to 1. */
export const mix = (over: Rgb, under: Rgb, amount: number): Rgb => [
  under[0] + (over[0] - under[0]) * amount,
  under[1] + (over[1] - under[1]) * amount,
  under[2] + (over[2] - under[2]) * amount,
];

/** How strongly the third and further classes colour their regions, so that points stay readable on them. */
const regionStrength: Readonly<Record<Theme, number>> = { light: 0.4, dark: 0.3 };

/** Tokens of the classes; from the third on, the series colours that are furthest from the first two. */
const classTokens = [
  "--class-a",
  "--class-b",
  "--series-3",
  "--series-5",
  "--series-6",
  "--series-7",
  "--series-1",
  "--series-8",
] as const;

/** The token of a class's colour; there are eight, then they come again (its shape tells them apart). */
export const classToken = (index: number): string => classTokens[index % classTokens.length] ?? classTokens[0];

/** Tokens of the regions of the first two classes: the ends of the two-class map. */
const regionTokens = ["--div-0", "--div-12"] as const;

/** The colour of a region in which the model is sure of a class. */
export function regionColor(index: number): Rgb {
  const token = regionTokens[index];
  return token === undefined ? mix(rgb(classToken(index)), rgb("--paper"), regionStrength[theme()]) : rgb(token);
}
