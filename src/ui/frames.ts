/** Milliseconds between two updates of the page, at least; the eye needs no more, and training needs the processor. */
const shortestPause = 30;
/** Longest wait for an animation frame: a hidden page gets none. */
const longestWait = 250;

/**
 * Collects what arrives and hands it on together, at an animation frame. The page rests at least as long as it worked,
 * so that a slow page falls behind by one update and never by a queue.
 *
 * @param handle returns what it leaves for the next frame, so that no frame has to do everything.
 * @returns `push`, and `stop`, after which nothing is handed on.
 */
export function createFrameQueue<T>(handle: (items: readonly T[]) => readonly T[]) {
  let items: T[] = [];
  let scheduled = false;
  let restUntil = 0;
  let frame = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const run = () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    scheduled = false;
    const ready = items;
    items = [];
    const started = performance.now();
    const left = handle(ready);
    const ended = performance.now();
    restUntil = Math.max(started + shortestPause, ended + (ended - started));
    if (left.length === 0) return;
    items = [...left];
    scheduled = true;
    awaitFrame();
  };
  const awaitFrame = () => {
    frame = requestAnimationFrame(run);
    timer = setTimeout(run, longestWait);
  };
  return {
    push(item: T): void {
      items.push(item);
      if (scheduled) return;
      scheduled = true;
      timer = setTimeout(awaitFrame, Math.max(0, restUntil - performance.now()));
    },
    stop(): void {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      scheduled = true;
    },
  };
}
