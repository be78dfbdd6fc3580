// How threads wait for each other in shared memory: a number that only grows, and how many threads sleep until it does.

/**
 * Atomics.wait and Atomics.notify, from the host. WebAssembly has both, but the baseline compiler of V8 11.3 (Node 20)
 * loses local variables over memory.atomic.wait32: a thread that is woken goes on to wait at another address, for ever.
 */
@external("env", "sleep")
declare function sleep(signal: usize, value: u32): void;
@external("env", "wake")
declare function wake(signal: usize): void;

@unmanaged
class Signal {
  value: u32;
  sleepers: u32;
}

/**
 * Looks at a signal before a thread goes to sleep: about 20 microseconds, several times what waking it up would take.
 * Without free processors no more than that is lost.
 */
const SPINS: u32 = 20_000;

/** Raises the signal by one and wakes who sleeps. What was written before is seen by those who then see the signal. */
export function raise(signal: usize): void {
  atomic.add<u32>(signal, 1, offsetof<Signal>("value"));
  // Whoever goes to sleep has counted itself in before it looks at the value again
  if (atomic.load<u32>(signal, offsetof<Signal>("sleepers")) > 0) wake(signal);
}

/** Returns once the signal's value is another one. */
export function waitWhile(signal: usize, value: u32): void {
  for (let turn: u32 = 0; turn < SPINS; turn++) {
    if (atomic.load<u32>(signal) != value) return;
  }
  atomic.add<u32>(signal, 1, offsetof<Signal>("sleepers"));
  while (atomic.load<u32>(signal) == value) sleep(signal, value);
  atomic.sub<u32>(signal, 1, offsetof<Signal>("sleepers"));
}
