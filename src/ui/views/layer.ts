import type { Surface } from "../Canvas.tsx";
import { textScale, theme } from "../theme.ts";
import type { Frame } from "./axes.ts";

/** Whether two columns hold the same numbers. */
export function sameValues(a: ArrayLike<number> | undefined, b: ArrayLike<number> | undefined): boolean {
  if (a === undefined || b === undefined || a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}

/**
 * A part of a picture that seldom changes, drawn once and then copied: hundreds of points would take longer than all
 * that moves. Drawn anew for another size, another theme, or a view that is not the `same`.
 */
export function createLayer<V>(
  draw: (surface: Surface, view: V, frame: Frame) => void,
  same: (before: V, now: V) => boolean,
): (surface: Surface, view: V, frame: Frame) => void {
  const picture = new OffscreenCanvas(1, 1);
  let drawn: { readonly view: V; readonly key: string } | undefined;

  return ({ context, width, height }, view, frame) => {
    const ratio = devicePixelRatio;
    const key = [theme(), textScale(), width, height, ratio].join(" ");
    if (drawn === undefined || drawn.key !== key || !same(drawn.view, view)) {
      picture.width = Math.round(width * ratio);
      picture.height = Math.round(height * ratio);
      const own = picture.getContext("2d");
      if (own === null) return;
      own.setTransform(ratio, 0, 0, ratio, 0, 0);
      draw({ context: own, width, height }, view, frame);
    }
    drawn = { view, key };
    context.drawImage(picture, 0, 0, width, height);
  };
}
