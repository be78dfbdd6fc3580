import { type Accessor, createComputed, createSignal, on, onCleanup } from "solid-js";

/** Milliseconds between two changes of a number on screen: nobody reads more than ten a second. */
const readable = 100;

/**
 * A signal that follows another one, in step with it while `isFast` is false and at most ten times a second, or every so
 * many milliseconds, while it is true. Its last value always comes.
 */
export function createPaced<T>(source: Accessor<T>, isFast: Accessor<boolean>, pause = readable): Accessor<T> {
  const [shown, setShown] = createSignal(source());
  let shownAt = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let newest = source();

  const cancel = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  const show = () => {
    cancel();
    shownAt = performance.now();
    setShown(() => newest);
  };
  createComputed(
    on([source, isFast], ([value, fast]) => {
      newest = value;
      // What does not change takes no turn: a run's first step is seen at once
      if (Object.is(newest, shown())) return cancel();
      const wait = shownAt + pause - performance.now();
      if (!fast || wait <= 0) show();
      else timer ??= setTimeout(show, wait);
    }),
  );
  onCleanup(cancel);
  return shown;
}
