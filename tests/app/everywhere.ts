import { expect, test } from "vitest";
import type { Gpu, Look, Playground } from "./browser.ts";
import { createStage } from "./stage.ts";

const looks: readonly Look[] = [
  { width: 1440, height: 900, theme: "light" },
  { width: 820, height: 1180, theme: "dark" },
  { width: 390, height: 844, theme: "light" },
];
const others = { light: "dark", dark: "light" } as const;

export interface Journey {
  readonly playground: Playground;
  readonly look: Look;
  /** Takes a picture of the state at hand, and holds it to have no barrier and not to scroll sideways: in both themes. */
  readonly arrive: (state: string) => Promise<void>;
  /** The same in the theme that the page has: for a page that does not follow the reader's, or has other wishes to meet. */
  readonly arriveAsItIs: (state: string) => Promise<void>;
}

/** A person's way through the page, done at three widths. */
export type Everywhere = (name: string, hash: string, walk: (journey: Journey) => Promise<void>) => void;

async function see(playground: Playground, state: string, { width, theme }: Look): Promise<void> {
  await playground.screenshot(`${state}-${theme}-${width}`);
  expect(await playground.overflow(), `${state}: pixels beyond the window`).toBeLessThanOrEqual(0);
  expect(await playground.barriers(), `${state}, ${theme}`).toEqual([]);
}

/** Changes the reader's theme, and waits until the page has drawn it. */
async function turn({ page }: Playground, theme: Look["theme"]): Promise<void> {
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
  await page.evaluate(async () => {
    const frame = () => new Promise((drawn) => requestAnimationFrame(drawn));
    await frame();
    await frame();
    const isTurning = () =>
      document
        .getAnimations()
        .some((animation) => animation instanceof CSSTransition && animation.playState === "running");
    // Asked again and again: of what is out of view a transition ends, and its promise is never kept
    while (isTurning()) await frame();
  });
}

/** To be called once per file: journeys share a browser and a site. */
export function createEverywhere(gpu: Gpu = "none"): Everywhere {
  const stage = createStage(gpu);

  return (name, hash, walk) => {
    test.each(looks)(`${name}, $width px`, async (look) => {
      const playground = await stage.open(hash, look);
      const arriveAsItIs = (state: string) => see(playground, state, look);
      const arrive = async (state: string) => {
        await arriveAsItIs(state);
        const other = others[look.theme];
        await turn(playground, other);
        await see(playground, state, { ...look, theme: other });
        await turn(playground, look.theme);
      };
      await walk({ playground, look, arrive, arriveAsItIs });
      expect(playground.problems).toEqual([]);
    });
  };
}
