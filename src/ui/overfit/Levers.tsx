import { Show } from "solid-js";
import type { Hyperparameters, NumberParameter } from "../../lib/hyperparameters.ts";
import { losses, optimizers, type RunConfig } from "../../session/config.ts";
import { dataFields, lossFields, modelFields } from "../../session/fields.ts";
import { NumberControl } from "../controls/NumberControl.tsx";
import { definitionIn } from "../definition.ts";
import { usePlayground } from "../playground.ts";

/** A number of the configuration that makes overfitting worse or better. */
interface Lever {
  readonly parameter: NumberParameter;
  readonly read: (config: RunConfig) => number;
  readonly write: (config: RunConfig, value: number) => unknown;
}

const kept: Lever = {
  parameter: dataFields.kept,
  read: ({ data }) => data.kept,
  write: (config, value) => ({ ...config, data: { ...config.data, kept: value } }),
};
const labelNoise: Lever = {
  parameter: dataFields.labelNoise,
  read: ({ data }) => data.labelNoise,
  write: (config, value) => ({ ...config, data: { ...config.data, labelNoise: value } }),
};
const dropout: Lever = {
  parameter: modelFields.dropout,
  read: ({ model }) => model.dropout,
  write: (config, value) => ({ ...config, model: { ...config.model, dropout: value } }),
};
const penalty: Lever = {
  parameter: lossFields.l2,
  read: ({ loss }) => loss.l2,
  write: (config, value) => ({ ...config, loss: { ...config.loss, l2: value } }),
};

/** The optimizer's own weight decay, or the loss's penalty where it has none. */
function decayOf({ optimizer }: RunConfig): Lever {
  const { weightDecay: parameter }: Hyperparameters = definitionIn(optimizers, optimizer.kind)?.hyperparameters ?? {};
  if (parameter?.kind !== "number") return penalty;
  return {
    parameter,
    read: ({ optimizer: now }) => ("weightDecay" in now ? now.weightDecay : parameter.default),
    write: (config, value) => ({ ...config, optimizer: { ...config.optimizer, weightDecay: value } }),
  };
}

function LeverControl(props: { readonly lever: Lever }) {
  const { store } = usePlayground();
  return (
    <NumberControl
      parameter={props.lever.parameter}
      value={props.lever.read(store.config())}
      baseline={props.lever.read(store.baseline())}
      onChange={(value) => store.change(props.lever.write(store.config(), value))}
    />
  );
}

/**
 * Labels that have nothing to do with the inputs (Zhang et al. 2017, https://arxiv.org/abs/1611.03530): where a share
 * (C - 1) / C of them is replaced by another class, each class is as likely as any other, whatever the truth is.
 */
const shuffled = (classes: number): number => Number(((classes - 1) / classes).toFixed(4));

/** What spoils the data, and what helps against learning it by heart; all of it while the run goes on. */
export function Levers() {
  const { store, trainer } = usePlayground();
  const classes = () => {
    const { data, loss } = store.config();
    const isClassification = losses[loss.kind].task === "classification";
    const names = trainer.summary()?.targetNames ?? [];
    return isClassification && names.length > 1 ? { count: names.length, noise: data.labelNoise } : undefined;
  };
  const decay = () => decayOf(store.config());
  return (
    <>
      <section aria-label="Make it overfit">
        <h3>Make it overfit</h3>
        <LeverControl lever={kept} />
        <LeverControl lever={labelNoise} />
        <Show when={classes()}>
          {(found) => (
            <button
              type="button"
              class="btn"
              disabled={found().noise === shuffled(found().count)}
              onClick={() => store.change(labelNoise.write(store.config(), shuffled(found().count)))}
            >
              Shuffle the labels
            </button>
          )}
        </Show>
      </section>
      <section aria-label="Cure it">
        <h3>Cure it</h3>
        <LeverControl lever={decay()} />
        <LeverControl lever={dropout} />
      </section>
    </>
  );
}
