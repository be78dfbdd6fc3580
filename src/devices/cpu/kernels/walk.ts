// Runs a program: the tape is its list of calls in linear memory. All threads of a device walk it in lock-step.

import { awaitJob, giveJob, meet } from "./common/team";

/** One call for one replica; see ../tape.ts, which writes it. */
@unmanaged
class Entry {
  /** Index into this module's table. */
  kernel: u32;
  /** Its argument block, which begins with the replica. */
  args: usize;
  /** 1 where all threads do a part; otherwise the replica's thread does it all. */
  isShared: u32;
  /** 1 where the next entry needs what all threads have done up to here. */
  meets: u32;
}

/**
 * Runs the tape's `calls` calls `times` times in a row: the whole submission of K steps is one call from JavaScript.
 * With more than one part there must be as many helpers, less this thread.
 */
export function run(tape: usize, calls: u32, times: u32, parts: u32): void {
  if (parts > 1) giveJob(tape, calls, times, parts);
  walk(tape, calls, times, 0, parts);
  if (parts > 1) meet(parts);
}

/** A helper's life: does its part of every job until there is none any more. */
export function help(part: u32): void {
  for (let done: u32 = 0; ; done++) {
    const job = awaitJob(done);
    const parts = job.parts;
    if (parts == 0) return;
    walk(job.tape, job.calls, job.times, part, parts);
    meet(parts);
  }
}

/** Ends all helpers. */
export function dismiss(): void {
  giveJob(0, 0, 0, 0);
}

function walk(tape: usize, calls: u32, times: u32, part: u32, parts: u32): void {
  const end = tape + <usize>calls * offsetof<Entry>();
  for (let time: u32 = 0; time < times; time++) {
    for (let at = tape; at < end; at += offsetof<Entry>()) {
      const entry = changetype<Entry>(at);
      if (entry.isShared) call_indirect<void>(entry.kernel, entry.args, part, parts);
      else if (load<u32>(entry.args) % parts == part) call_indirect<void>(entry.kernel, entry.args, 0, 1);
      if (entry.meets && parts > 1) meet(parts);
    }
  }
}

/** The first byte of linear memory that the module itself does not use. */
export function heapBase(): usize {
  return __heap_base;
}
