import { formatCount, formatSetting } from "../../lib/format.ts";
import type { Diagnosis } from "./finding.ts";
import { learningRateTimes, momentum, optimizerWithDefaults, remediesOf } from "./remedies.ts";
import { between, mean } from "./signals.ts";
import { percent } from "./wording.ts";

/** Steps after any warm-up that are enough to judge by. */
const EARLIEST = 400;
/** The fall of the loss so far, relative: less than that is slow, more than that is no standstill. */
const SLOW = 0.12;
const MOVES = 0.002;
/** A run that goes at its own pace falls fast first; one that only creeps falls evenly, a quarter in each quarter. */
const FIRST_SHARE = 0.4;
/** The fall in the last quarter over that from the first to the second: one that levels off has arrived somewhere. */
const STEADY = 0.6;

export const learningRateTooSmall: Diagnosis = {
  label: "Learning rate too small",
  detect({ config }, { steps, warmup, training, start, recent, before, relative, swing }) {
    const quarters = [0, 0.25, 0.5, 0.75].map((from) => mean(between(training, from, from + 0.25)));
    const [first = 0, second = 0, third = 0, last = 0] = quarters;
    const fall = (start - last) / start;
    if (steps < warmup + EARLIEST || fall > SLOW || fall < MOVES || relative(recent) < 0.6) return undefined;
    const isEven = quarters.every((loss, index) => index === 0 || loss < (quarters[index - 1] ?? 0));
    const isSteady = start - first < FIRST_SHARE * (start - last) && swing < 0.5 * (before - recent);
    if (!isEven || !isSteady || third - last < STEADY * (first - second)) return undefined;
    const { learningRate } = config.optimizer;
    return {
      severity: "warn",
      sentence: "The learning rate is too small.",
      detail: `Training loss fell evenly, by ${percent(fall)} in ${formatCount(steps)} steps.`,
      evidence: { fall, steps, learningRate },
      reason:
        `Steps of ${formatSetting(learningRate)} times the gradient are so short that the slope hardly changes along the way. ` +
        "Longer steps take the same way in fewer of them.",
      remedies: remediesOf(
        learningRateTimes(config, 10),
        learningRateTimes(config, 100),
        momentum(config),
        optimizerWithDefaults(config, "adam"),
      ),
    };
  },
};
