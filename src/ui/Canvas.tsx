import { createEffect, createSignal, onCleanup, onMount } from "solid-js";

/** Of a canvas on the page or off it. */
export type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** Where to draw, in CSS pixels; already cleared and scaled to the screen's pixels. */
export interface Surface {
  readonly context: Context;
  readonly width: number;
  readonly height: number;
}

export interface CanvasProps {
  /** Tracked: everything that it reads (data, colours) makes it run again. */
  readonly draw: (surface: Surface) => void;
  readonly class?: string;
}

/** A canvas that fills its box; the figure around it says in words what it shows. */
export function Canvas(props: CanvasProps) {
  let canvas: HTMLCanvasElement | undefined;
  const [size, setSize] = createSignal(
    { width: 0, height: 0 },
    { equals: (a, b) => a.width === b.width && a.height === b.height },
  );

  onMount(() => {
    if (canvas === undefined) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(canvas);
    onCleanup(() => observer.disconnect());
  });

  const paint = () => {
    const { width, height } = size();
    const context = canvas?.getContext("2d");
    if (canvas === undefined || !context || width === 0 || height === 0) return;
    const ratio = devicePixelRatio;
    const [pixelWidth, pixelHeight] = [Math.round(width * ratio), Math.round(height * ratio)];
    // Setting a size, even the same one, makes the browser take new memory.
    if (canvas.width !== pixelWidth) canvas.width = pixelWidth;
    if (canvas.height !== pixelHeight) canvas.height = pixelHeight;
    context.reset();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    props.draw({ context, width, height });
  };
  createEffect(paint);
  return <canvas ref={canvas} class={props.class} />;
}
