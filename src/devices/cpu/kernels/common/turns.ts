// How threads take pieces of work in turn: a counter in shared memory, 0 before and after.

/**
 * Takes the next of `turns` turns at a counter. Each of `threads` threads asks until it gets none: the number that it
 * gets then is `turns` or more. The last of them to do so leaves the counter at 0.
 */
export function takeTurn(counter: usize, turns: u32, threads: u32): u32 {
  const turn = atomic.add<u32>(counter, 1);
  if (turn == turns + threads - 1) atomic.store<u32>(counter, 0);
  return turn;
}
