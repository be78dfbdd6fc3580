import { For } from "solid-js";
import { formatCount, formatPercent } from "../../lib/format.ts";

export interface Confusions {
  readonly classNames: readonly string[];
  /** (C, C): row = actual, column = predicted. */
  readonly counts: Uint32Array;
}

/** Most of a cell's colour, so that its number stays readable. */
const strongest = 30;
/** With more classes than this, cells have no room for the shares. */
const mostRoomy = 6;

const rowOf = ({ classNames, counts }: Confusions, actual: number): readonly number[] =>
  Array.from(counts.subarray(actual * classNames.length, (actual + 1) * classNames.length));

/** How many predictions are right. */
export const rightOf = ({ classNames, counts }: Confusions): number =>
  classNames.reduce((sum, _, index) => sum + (counts[index * (classNames.length + 1)] ?? 0), 0);

function Row(props: { readonly confusions: Confusions; readonly actual: number; readonly name: string }) {
  const counts = () => rowOf(props.confusions, props.actual);
  const share = (count: number) =>
    count /
    Math.max(
      1,
      counts().reduce((sum, each) => sum + each, 0),
    );
  return (
    <tr>
      <th scope="row">{props.name}</th>
      <For each={counts()}>
        {(count, predicted) => (
          <td classList={{ right: predicted() === props.actual }} style={{ "--a": `${share(count) * strongest}%` }}>
            <b>{formatCount(count)}</b>
            <span>{formatPercent(share(count))}</span>
          </td>
        )}
      </For>
    </tr>
  );
}

/** Which classes the model takes for which, as a table. */
export function ConfusionMatrix(props: Confusions) {
  return (
    <section class="matrix" aria-label="Classes by classes" tabindex="0">
      <table class="cm" classList={{ dense: props.classNames.length > mostRoomy }}>
        <thead>
          <tr>
            <th scope="col">Actual</th>
            <For each={props.classNames}>{(name) => <th scope="col">{name}</th>}</For>
          </tr>
        </thead>
        <tbody>
          <For each={props.classNames}>{(name, index) => <Row confusions={props} actual={index()} name={name} />}</For>
        </tbody>
      </table>
    </section>
  );
}
