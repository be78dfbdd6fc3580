// Runs a program: the tape is its list of calls in linear memory. All threads of a device walk it in lock-step.

import { awaitJob, expectWhole, giveJob, meet } from "./common/team";
import { takeTurn } from "./common/turns";

/** One call for one replica; see ../tape.ts, which writes it. */
@unmanaged
class Entry {
  /** Index into this module's table. */
  kernel: u32;
  /** Its argument block, which begins with the replica. */
  args: usize;
  /** In how many rounds threads take parts of the call in turn; 0 where the replica's thread does it all. */
  rounds: u32;
  /** 1 where the next entry needs what all threads have done up to here. */
  meets: u32;
  /** Parts that have been taken. */
  taken: u32;
}

/**
 * Runs the tape's `calls` calls `times` times in a row: the whole submission of K steps is one call from JavaScript.
 * With more than one part there must be as many helpers, less this thread.
 */
export function run(tape: usize, calls: u32, times: u32, parts: u32): void {
  if (parts > 1) {
    expectWhole();
    giveJob(tape, calls, times, parts);
  }
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
      if (entry.rounds > 0) share(entry, parts);
      else if (load<u32>(entry.args) % parts == part) call_indirect<void>(entry.kernel, entry.args, 0, 1);
      if (entry.meets && parts > 1) meet(parts);
    }
  }
}

/**
 * Does parts of a call until none is left. Each round shares half of what the rounds before it left, and the last one
 * all of it: a thread that is slow, or late, holds the others up by one small part at most.
 */
function share(entry: Entry, threads: u32): void {
  const counter = changetype<usize>(entry) + offsetof<Entry>("taken");
  const turns = entry.rounds * threads;
  for (let turn = takeTurn(counter, turns, threads); turn < turns; turn = takeTurn(counter, turns, threads)) {
    const round = turn / threads;
    const parts = threads << min(round + 1, entry.rounds - 1);
    call_indirect<void>(entry.kernel, entry.args, parts - (parts >> round) + (turn % threads), parts);
  }
}

/** The first byte of linear memory that the module itself does not use. */
export function heapBase(): usize {
  return __heap_base;
}
