import { createMemo, Show } from "solid-js";
import type { RunRecord } from "./record.ts";
import { sparklineOf, sparklineSize } from "./sparklinePicture.ts";

/** Decorative: the numbers beside it say the same. */
export function Sparkline(props: { readonly run: RunRecord }) {
  const picture = createMemo(() => sparklineOf(props.run));
  const { width, height } = sparklineSize;
  return (
    <svg class="spark" width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <polyline points={picture().line} />
      <Show when={picture().dot}>{(dot) => <circle cx={dot().x} cy={dot().y} r="1.8" />}</Show>
    </svg>
  );
}
