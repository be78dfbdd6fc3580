import { formatMeasure, formatPercent } from "../../lib/format.ts";
import { useTable } from "./context.ts";
import type { Group } from "./groups.ts";
import { Eye, Swatch } from "./RunRow.tsx";

/** Mean of some values; nothing where there is none. */
const mean = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Several runs that differ in nothing but seeds: what they reach, and how far apart. */
export function GroupRow(props: { readonly group: Group }) {
  const { runs } = useTable();
  const members = () => props.group.runs;
  const bests = () => members().flatMap(({ best }) => best ?? []);
  const losses = () => bests().map(({ loss }) => loss);
  const accuracies = () => bests().flatMap(({ accuracy }) => accuracy ?? []);
  const shown = () => members().some(({ id }) => runs.isShown(id));
  const name = () => `${members().length} seeds`;
  const Range = () => (
    <i>
      between {formatMeasure(losses().length > 0 ? Math.min(...losses()) : undefined)} and{" "}
      {formatMeasure(losses().length > 0 ? Math.max(...losses()) : undefined)}
    </i>
  );
  return (
    <tr class="group">
      <td class="show">
        <Eye
          name={`all ${name()}`}
          shown={shown()}
          onToggle={() => {
            const next = !shown();
            for (const { id } of members()) runs.change(id, { shown: next });
          }}
        />
      </td>
      <td class="line-of">
        <Swatch series={members()[0]?.series ?? 1} band />
      </td>
      <th scope="rowgroup" class="name">
        {name()}
        <small class="diff">
          <Range />
        </small>
      </th>
      <td class="diff">
        <Range />
      </td>
      <td class="curve" />
      <td class="r" title="Mean of the best losses">
        {formatMeasure(mean(losses()))}
      </td>
      <td class="more" />
      <td class="r accuracy" title="Mean of the accuracies there">
        {formatPercent(mean(accuracies()))}
      </td>
      <td class="more" />
      <td class="more" />
      <td class="more" />
      <td class="acts" />
    </tr>
  );
}
