import { createSignal } from "solid-js";

export type Theme = "light" | "dark";

const storageKey = "downhill.theme";
const systemDark = matchMedia("(prefers-color-scheme: dark)");

/** Storage can be switched off in a browser; the theme then follows the system. */
function storedTheme(): Theme | undefined {
  try {
    const value = localStorage.getItem(storageKey);
    return value === "light" || value === "dark" ? value : undefined;
  } catch {
    return undefined;
  }
}

const [chosen, setChosen] = createSignal(storedTheme());
const [system, setSystem] = createSignal<Theme>(systemDark.matches ? "dark" : "light");
systemDark.addEventListener("change", () => setSystem(systemDark.matches ? "dark" : "light"));

/** The theme on screen: the user's choice, otherwise the system's. */
export const theme = (): Theme => chosen() ?? system();

function show(choice: Theme | undefined): void {
  if (choice === undefined) delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choice;
}

/** Puts the stored choice on the page; called once, before the first picture. */
export const applyStoredTheme = (): void => show(chosen());

/** Changes between light and dark and remembers it. */
export function toggleTheme(): void {
  const next = theme() === "dark" ? "light" : "dark";
  show(next);
  setChosen(next);
  try {
    localStorage.setItem(storageKey, next);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

export const reducedMotion = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Pixels that browsers give a rem, unless a reader or a wide screen asks for more. */
const usualRem = 16;
const measuredScale = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / usualRem;
const [scale, setScale] = createSignal(measuredScale());
// Styles may come after this script, and the width of the window changes them.
for (const event of ["load", "resize"]) addEventListener(event, () => setScale(measuredScale()));

/** How much larger than usual text is: what is drawn on canvases grows with it. Tracked. */
export const textScale = (): number => scale();
