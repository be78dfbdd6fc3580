import { type Accessor, createEffect, createMemo, createSignal, onCleanup } from "solid-js";
import type { Finding } from "../session/diagnosis/index.ts";
import type { ScalingRecord } from "../session/diagnosis/record.ts";
import { guessingLoss } from "../session/guess.ts";
import type { Playground } from "./playground.ts";
import type { Scaling } from "./runState.ts";

type Reader = typeof import("../session/diagnosis/index.ts");

/** Milliseconds between two readings of the run: a sentence that changes faster cannot be read. */
const pause = 400;
/** Milliseconds in which a new opinion must hold before it replaces the old one. */
const holding = 900;

/** Shows a finding once it has held for a while, and the first one at once: near a threshold opinions alternate. */
function createSteady(): readonly [shown: Accessor<Finding | undefined>, put: (finding: Finding | undefined) => void] {
  const [shown, setShown] = createSignal<Finding>();
  let candidate: string | undefined;
  let since = 0;
  const put = (finding: Finding | undefined) => {
    const kind = finding?.kind;
    if (kind !== candidate) {
      candidate = kind;
      since = performance.now();
    }
    const isUrgent = finding === undefined || finding.severity === "stopped" || shown() === undefined;
    if (isUrgent || kind === shown()?.kind || performance.now() - since >= holding) setShown(finding);
  };
  return [shown, put];
}

/** Looks over which skipped steps are counted: those of the scale's first search are soon forgotten. */
const scalingLooks = 5;
const fewestSteps = 20;

/** The share of skipped steps since a few looks ago. */
function createSkippedShare() {
  let looks: readonly { readonly step: number; readonly skipped: number }[] = [];
  return (step: number, scaling: Scaling | undefined): ScalingRecord | undefined => {
    if (scaling === undefined || step < (looks.at(-1)?.step ?? 0)) looks = [];
    if (scaling === undefined) return undefined;
    looks = [...looks, { step, skipped: scaling.skipped }].slice(-scalingLooks);
    const [first] = looks;
    if (first === undefined || step - first.step < fewestSteps) return undefined;
    return { skipped: (scaling.skipped - first.skipped) / (step - first.step), lossScale: scaling.lossScale };
  };
}

/**
 * The most important thing that can be said about the run, read a few times a second while it trains. The reader is loaded
 * when there is something to read, and tensors are measured only while something looks wrong.
 */
export function createDiagnosis({ trainer, store }: Pick<Playground, "trainer" | "store">) {
  const [finding, put] = createSteady();
  const [dismissed, setDismissed] = createSignal<string>();
  const skippedShare = createSkippedShare();
  let reader: Reader | undefined;
  let isMeasuring = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const read = (): Finding | undefined => {
    const summary = trainer.summary();
    if (reader === undefined || summary === undefined || trainer.history.length === 0) return undefined;
    const { targetSpread = {}, counts, parameterCount } = summary;
    const config = store.config();
    const from = store.markers().findLast(({ step }) => step <= trainer.step())?.step ?? 0;
    const record = reader.recordOf({
      ...{ config, from, history: trainer.history, nonFinite: trainer.broke(), measured: trainer.measured() },
      scaling: skippedShare(trainer.step(), trainer.scaling()),
      ...{ trainExamples: counts.train, parameters: parameterCount },
      guess: guessingLoss(targetSpread, config.loss.kind),
    });
    return reader.diagnose(record)[0];
  };
  const measureWhile = (isSuspicious: boolean) => {
    if (isSuspicious === isMeasuring) return;
    isMeasuring = isSuspicious;
    trainer.measure(isSuspicious);
  };
  const look = async () => {
    timer = undefined;
    reader ??= await import("../session/diagnosis/index.ts");
    const found = read();
    put(found);
    measureWhile(found?.severity === "warn");
  };
  createEffect(() => {
    trainer.version();
    store.config();
    if (trainer.step() === 0) {
      put(undefined);
      setDismissed(undefined);
    } else timer ??= setTimeout(() => void look(), pause);
  });
  onCleanup(() => {
    clearTimeout(timer);
    measureWhile(false);
  });
  return {
    finding: createMemo(() => (finding()?.kind === dismissed() ? undefined : finding())),
    /** Says no more of this kind until the run starts anew. */
    dismiss: () => setDismissed(finding()?.kind),
  };
}
