import { For, Show } from "solid-js";
import { formatCount, formatMeasure, formatSetting } from "../lib/format.ts";
import type { RunConfig } from "../session/config.ts";
import { clipNorm, fullPrecision, learningRateTimes } from "../session/diagnosis/remedies.ts";
import type { Broke } from "../session/nonFinite.ts";
import { Icon } from "./Icon.tsx";
import { usePlayground } from "./playground.ts";
import "./styles/stop.css";

/** How far back before the last good step the remedies go. */
const rewoundSteps = 20;
const maxNorm = 1;

const moveNames: Readonly<Record<Broke["move"], string>> = {
  forward: "Forward",
  loss: "Loss",
  backward: "Backward",
  update: "Update",
};

/** What is not a number, as the subject of a sentence. */
function subjectOf({ move, tensor, layer }: Broke): string {
  if (layer === undefined) return "The loss of the batch";
  const place = `of layer ${layer + 1}`;
  if (move === "forward") return `The outputs ${place}`;
  const kind = tensor.endsWith("bias") ? "biases" : "weights";
  return move === "backward" ? `The gradient of the ${kind} ${place}` : `The ${kind} ${place}`;
}

const valueName = (value: number): string => (Number.isNaN(value) ? "not a number" : "infinite");

function sentenceOf(broke: Broke): string {
  const verb = broke.layer !== undefined && broke.move !== "backward" ? "are" : "is";
  const some = broke.size > 1 ? ` (${formatCount(broke.count)} of ${formatCount(broke.size)} numbers)` : "";
  return `${subjectOf(broke)} ${verb} ${valueName(broke.value)}${some}. All that the step computes before is finite.`;
}

interface Remedy {
  readonly label: string;
  readonly config: RunConfig;
}

/** Why a run stopped whose numbers went beyond all bounds, and three ways on. No modal: the page stays in use. */
export default function StopCard(props: { readonly broke: Broke; readonly putAway: () => void }) {
  return (
    <section class="halt" aria-label="Why training stopped">
      <header>
        <Icon glyph="stop" class="mark" />
        <h2>Stopped at step {formatCount(props.broke.step)}</h2>
        <button type="button" class="btn ico" aria-label="Put away" onClick={() => props.putAway()}>
          <Icon glyph="close" />
        </button>
      </header>
      <p>{sentenceOf(props.broke)}</p>
      <Place broke={props.broke} />
      <Remedies broke={props.broke} />
    </section>
  );
}

/** Where it broke, and the last good values. */
function Place(props: { readonly broke: Broke }) {
  const { trainer, store } = usePlayground();
  const history = () => {
    trainer.version();
    return trainer.history;
  };
  const growth = () => {
    const { gradNorm } = history();
    const [before, last] = [gradNorm.at(-rewoundSteps - 1) ?? gradNorm[0], gradNorm.at(-1)];
    const isGrowing = before !== undefined && last !== undefined && last > 2 * before;
    return isGrowing ? `${formatMeasure(before)} → ${formatMeasure(last)}` : formatMeasure(last);
  };
  const layers = () => store.config().model.layers.length + 1;
  return (
    <dl>
      <dt>Move</dt>
      <dd>{moveNames[props.broke.move]}</dd>
      <dt>Tensor</dt>
      <dd>
        <code>{props.broke.tensor}</code>
        <Show when={props.broke.layer !== undefined}>
          , layer {formatCount((props.broke.layer ?? 0) + 1)} of {formatCount(layers())}
        </Show>
      </dd>
      <dt>Last good step</dt>
      <dd>{formatCount(Math.max(0, props.broke.step - 1))}</dd>
      <dt>Its loss</dt>
      <dd>{formatMeasure(history().loss.at(-1))}</dd>
      <dt>Gradient norm</dt>
      <dd>{growth()}</dd>
      <dt>Learning rate</dt>
      <dd>{formatSetting(history().learningRate.at(-1) ?? store.config().optimizer.learningRate)}</dd>
    </dl>
  );
}

function Remedies(props: { readonly broke: Broke }) {
  const { store, trainer, rewind } = usePlayground();
  const target = () => Math.max(0, props.broke.step - 1 - rewoundSteps);
  const back = () => {
    const steps = Math.max(0, props.broke.step - 1) - target();
    return target() === 0 ? "Go back to step 0" : `Rewind ${formatCount(steps)} steps`;
  };
  const remedies = (): readonly Remedy[] => {
    const config = store.config();
    const [slower, clipped, precise] = [
      learningRateTimes(config, 0.5),
      clipNorm(config, maxNorm),
      fullPrecision(config),
    ];
    return [
      ...(slower === undefined ? [] : [{ label: `${back()}, halve the learning rate`, config: slower.change(config) }]),
      ...(clipped === undefined ? [] : [{ label: `${back()}, clip the norm at 1`, config: clipped.change(config) }]),
      ...(precise === undefined ? [] : [{ label: `${back()}, go on in f32`, config: precise.change(config) }]),
    ];
  };
  return (
    <div class="acts">
      <For each={remedies()}>
        {({ label, config }, index) => (
          <button
            type="button"
            class="btn"
            classList={{ main: index() === 0 }}
            disabled={trainer.progress() !== undefined}
            onClick={() => rewind(target(), config, true)}
          >
            {label}
          </button>
        )}
      </For>
    </div>
  );
}
