// What the threads of a device share besides the tape. Each piece has a cache line of its own, so that a thread that
// waits for one does not slow down another.

import { raise, waitWhile } from "./signal";

/** What the helpers are to walk. `parts` 0: there will be nothing any more. */
@unmanaged
export class Job {
  tape: usize;
  calls: u32;
  times: u32;
  parts: u32;
}

const LINE: usize = 64;

let jobSignal: usize = 0;
let meetingSignal: usize = 0;
let arrived: usize = 0;
let jobAt: usize = 0;
let broken: usize = 0;

/** Bytes that a team needs, all zeros. */
export function teamBytes(): usize {
  return 5 * LINE;
}

/** Tells this instance where its team's memory is: a multiple of 64. */
export function useTeam(start: usize): void {
  jobSignal = start;
  meetingSignal = start + LINE;
  arrived = start + 2 * LINE;
  jobAt = start + 3 * LINE;
  broken = start + 4 * LINE;
}

/** Gives the helpers a job. */
export function giveJob(tape: usize, calls: u32, times: u32, parts: u32): void {
  const job = changetype<Job>(jobAt);
  job.tape = tape;
  job.calls = calls;
  job.times = times;
  job.parts = parts;
  raise(jobSignal);
}

/** Waits for the job after `done` others. */
export function awaitJob(done: u32): Job {
  waitWhile(jobSignal, done);
  expectWhole();
  return changetype<Job>(jobAt);
}

/** Returns when all `parts` threads are here: a barrier. */
export function meet(parts: u32): void {
  const meeting = atomic.load<u32>(meetingSignal);
  // A team that is not broken yet raises the signal after this when it breaks
  expectWhole();
  if (atomic.add<u32>(arrived, 1) + 1 < parts) {
    waitWhile(meetingSignal, meeting);
    expectWhole();
    return;
  }
  atomic.store<u32>(arrived, 0);
  raise(meetingSignal);
}

/** A thread of the team has trapped and does nothing any more: whoever waits for it traps as well, now and from now on. */
export function disband(): void {
  atomic.store<u32>(broken, 1);
  raise(jobSignal);
  raise(meetingSignal);
}

/** Traps where the team is not whole: its threads are not all there, and do not agree on where they are. */
export function expectWhole(): void {
  if (atomic.load<u32>(broken) != 0) unreachable();
}
