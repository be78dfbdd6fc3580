/** Milliseconds between two updates of the page on average: 40 a second, two of three frames of most screens. */
const interval = 25;
/** Milliseconds of updates that the page may catch up on after a pause. */
const mostBehind = 20 * interval;
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
  let due = 0;
  let restUntil = 0;
  let frame = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const awaitFrame = () => {
    scheduled = true;
    frame = requestAnimationFrame(run);
    timer = setTimeout(run, longestWait);
  };
  const run = () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    const started = performance.now();
    if (started < due || started < restUntil) {
      awaitFrame();
      return;
    }
    scheduled = false;
    const ready = items;
    items = [];
    const left = handle(ready);
    const ended = performance.now();
    restUntil = ended + (ended - started);
    if (left.length === 0) {
      due = Math.max(due, started - mostBehind) + interval;
      return;
    }
    items = [...left];
    awaitFrame();
  };
  return {
    push(item: T): void {
      items.push(item);
      if (!scheduled) awaitFrame();
    },
    stop(): void {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      scheduled = true;
    },
  };
}
