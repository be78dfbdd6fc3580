import { setImmediate } from "node:timers/promises";
import { formatCount, formatReading } from "../lib/format.ts";
import type { StoppingConfig } from "../session/config.ts";
import { createPace } from "../session/pace.ts";
import { MAX_STEPS, type Run } from "../session/run.ts";
import type { StepRows } from "../session/stepRows.ts";
import type { Stopping } from "../session/stopping.ts";
import { DEFAULT_STEPS } from "./options.ts";
import type { StagedFile } from "./outputs.ts";

/** Milliseconds that one submission should take, and between two lines of progress. */
const SUBMISSION = 200;
const PROGRESS = 2000;

export interface Terminal {
  /** Where relative paths start. */
  readonly folder: string;
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  /** Whether the user asked to stop. */
  readonly stopped: () => boolean;
}

/** JSON has no NaN and no infinities: they are written as null. */
function logLines({ step, epoch, loss, gradNorm, learningRate }: StepRows): string {
  const line = (row: number) =>
    JSON.stringify({
      step: step[row],
      epoch: epoch[row],
      loss: loss[row],
      gradNorm: gradNorm[row],
      learningRate: learningRate[row],
    });
  return Array.from(step, (_, row) => `${line(row)}\n`).join("");
}

/** The limits of a run: its own, or the option's steps; without any, it would never end. */
export function limitsOf(stopping: StoppingConfig, steps: number | undefined): StoppingConfig {
  if (steps !== undefined) return { ...stopping, steps };
  const { epochs, seconds, patience } = stopping;
  const isEndless = stopping.steps + epochs + seconds + patience === 0;
  return isEndless ? { ...stopping, steps: DEFAULT_STEPS } : stopping;
}

export interface Training {
  readonly run: Run;
  readonly stopping: Stopping;
  readonly log: StagedFile | undefined;
  readonly terminal: Terminal;
}

export interface Trained {
  /** Of the last step. */
  readonly loss: number;
  /** Why the run is over; nothing where the user stopped it. */
  readonly reason: string | undefined;
}

/** Trains to the end, or until the user stops it. */
export async function trainAll({ run, stopping, log, terminal }: Training): Promise<Trained> {
  const pace = createPace({ target: SUBMISSION, most: MAX_STEPS });
  let loss = Number.NaN;
  let told = performance.now();
  while (!terminal.stopped()) {
    const reason = stopping.room === 0 ? await stopping.check() : undefined;
    if (reason !== undefined) return { loss, reason };
    const count = Math.min(pace.steps, stopping.room);
    const started = performance.now();
    const rows = await run.trainSteps(count);
    // A device that answers at once would keep signals waiting.
    await setImmediate();
    pace.took(count, performance.now() - started);
    stopping.trained(performance.now() - started);
    loss = rows.loss.at(-1) ?? loss;
    await log?.write(logLines(rows));
    if (log === undefined && performance.now() - told > PROGRESS) {
      told = performance.now();
      terminal.error(`step ${formatCount(run.step)}, loss ${formatReading(loss)}\n`);
    }
  }
  return { loss, reason: undefined };
}
