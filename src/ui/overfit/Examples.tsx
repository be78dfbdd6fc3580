import { createMemo, createSignal, Index, Show } from "solid-js";
import { formatCount, formatMeasure, formatReading } from "../../lib/format.ts";
import type { Examination, ShownExamples } from "../../session/examination.ts";
import { Canvas, type Surface } from "../Canvas.tsx";
import { RadioGroup } from "../controls/RadioGroup.tsx";
import { type Box, drawImages } from "../images.ts";
import { usePlayground } from "../playground.ts";
import { PointsOnPicture } from "./PointsOnPicture.tsx";
import "../styles/images.css";

/** Which examples are looked at, in the order of the switch. */
const kinds = {
  hardest: {
    label: "Hardest",
    list: (all: Examination) => all.hardest,
    note: () => "Training examples, largest loss first.",
  },
  memorised: {
    label: "Memorised",
    list: (all: Examination) => all.memorised,
    note: ({ noisy, fitted }: Examination) =>
      noisy === 0
        ? "No label is wrong on purpose. Add label noise to see which wrong ones are learned by heart."
        : `${formatCount(fitted)} of ${formatCount(noisy)} wrong labels are learned by heart.`,
  },
} as const;
type Kind = keyof typeof kinds;
const kindOptions = (Object.keys(kinds) as readonly Kind[]).map((value) => ({ value, label: kinds[value].label }));

const [kind, setKind] = createSignal<Kind>("hardest");

interface ListProps {
  readonly examination: Examination;
  readonly shown: ShownExamples;
  readonly label: string;
}

/** What an example is said to be and taken for, in words. */
function wordsOf({ classNames }: Examination, shown: ShownExamples, index: number) {
  const nameOf = (values: Float32Array) => {
    const value = values[index] ?? Number.NaN;
    return classNames === undefined ? formatReading(value) : (classNames[value] ?? formatCount(value));
  };
  return {
    given: nameOf(shown.given),
    clean: nameOf(shown.clean),
    predicted: nameOf(shown.predicted),
    loss: formatMeasure(shown.loss[index]),
  };
}

/** One line per example. */
function Rows(props: ListProps) {
  return (
    <table class="pairs examples" aria-label={props.label}>
      <thead>
        <tr>
          <th scope="col">Label</th>
          <th scope="col">Truth</th>
          <th scope="col">Model</th>
          <th scope="col">Loss</th>
        </tr>
      </thead>
      <tbody>
        <Index each={Array.from({ length: props.shown.place.length })}>
          {(_, index) => {
            const words = () => wordsOf(props.examination, props.shown, index);
            return (
              <tr>
                <th scope="row">{words().given}</th>
                <td>{words().clean}</td>
                <td>{words().predicted}</td>
                <td>{words().loss}</td>
              </tr>
            );
          }}
        </Index>
      </tbody>
    </table>
  );
}

/** Where the frames of a list lie in it, without their borders. */
const framesIn = (list: HTMLElement): readonly Box[] =>
  [...list.querySelectorAll<HTMLElement>(".frame")].map((frame) => ({
    left: frame.offsetLeft + frame.clientLeft,
    top: frame.offsetTop + frame.clientTop,
    width: frame.clientWidth,
    height: frame.clientHeight,
  }));

/** The images themselves, on one canvas, each with its label, what the model says, and its loss. */
function Thumbnails(props: ListProps) {
  let list: HTMLOListElement | undefined;
  const size = () => props.examination.image ?? { width: 1, height: 1 };
  const draw = (surface: Surface) => {
    const { pixels } = props.shown;
    if (list === undefined || pixels === undefined || pixels.length === 0) return;
    drawImages(surface, { size: size(), pixels, most: 255 }, 0, framesIn(list));
  };
  return (
    <section class="shots" aria-label="Images" tabindex="0">
      <div>
        <Canvas draw={draw} />
        <ol ref={list} aria-label={props.label} style={{ "--ratio": `${size().width / size().height}` }}>
          <Index each={Array.from({ length: props.shown.place.length })}>
            {(_, index) => {
              const words = () => wordsOf(props.examination, props.shown, index);
              return (
                <li class="shot" classList={{ wrong: words().given !== words().clean }}>
                  <span class="frame" />
                  <span aria-hidden="true">
                    <Show when={words().given !== words().clean}>{words().clean} as </Show>
                    <b>{words().given}</b>
                    <Show when={words().given !== words().predicted}> → {words().predicted}</Show>
                  </span>
                  <span class="sr">
                    {`label ${words().given}, truth ${words().clean}, model says ${words().predicted}, loss `}
                  </span>
                  <small>{words().loss}</small>
                </li>
              );
            }}
          </Index>
        </ol>
      </div>
    </section>
  );
}

/** The training examples that tell most: on the picture of the task, as images, or as lines of a table. */
export function Examples(props: { readonly examination: Examination }) {
  const { trainer } = usePlayground();
  const chosen = () => kinds[kind()];
  const shown = createMemo(() => chosen().list(props.examination));
  const label = () => `${chosen().label} training examples`;
  return (
    <>
      <header>
        <RadioGroup
          name={{ label: "Training examples shown" }}
          options={kindOptions}
          value={kind()}
          onChange={setKind}
        />
        <p class="note">{chosen().note(props.examination)}</p>
      </header>
      <Show
        when={shown().points !== undefined && trainer.view()}
        fallback={
          <Show
            when={props.examination.image}
            fallback={
              <section class="scroll" aria-label="Lines" tabindex="0">
                <Rows examination={props.examination} shown={shown()} label={label()} />
              </section>
            }
          >
            <Thumbnails examination={props.examination} shown={shown()} label={label()} />
          </Show>
        }
      >
        {(view) => (
          <>
            <PointsOnPicture view={view()} shown={shown()} label={label()} />
            <div class="sr">
              <Rows examination={props.examination} shown={shown()} label={label()} />
            </div>
          </>
        )}
      </Show>
    </>
  );
}
