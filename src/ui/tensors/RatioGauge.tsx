import { Show } from "solid-js";
import { formatMeasure } from "../../lib/format.ts";
import { gaugePlace, hasHealthyBand, healthyRatio, type RatioVerdict, ratioVerdict } from "./ratio.ts";

const WIDTH = 56;
const words: Readonly<Record<RatioVerdict, string>> = { low: "low", healthy: "good", high: "high" };

/** Update to weight: a number, its place beside the healthy band, and a word. */
export function RatioGauge(props: { readonly name: string; readonly ratio: number | undefined }) {
  const shown = () => (Number.isFinite(props.ratio) ? props.ratio : undefined);
  const verdict = () => (hasHealthyBand(props.name) ? ratioVerdict(props.ratio) : undefined);
  return (
    <span class="ratio">
      <b>{formatMeasure(shown())}</b>
      <Show when={verdict()}>
        {(word) => (
          <>
            <Gauge ratio={shown() ?? 0} isHealthy={word() === "healthy"} />
            <small>{words[word()]}</small>
          </>
        )}
      </Show>
    </span>
  );
}

/** A full dot inside the band, an open one outside: colour says nothing alone. */
function Gauge(props: { readonly ratio: number; readonly isHealthy: boolean }) {
  const [from, to] = [gaugePlace(healthyRatio.low) * WIDTH, gaugePlace(healthyRatio.high) * WIDTH];
  return (
    <svg class="gauge" viewBox={`-4 0 ${WIDTH + 8} 12`} aria-hidden="true">
      <rect class="band" x={from} y="1" width={to - from} height="10" />
      <path class="axis" d={`M0,6H${WIDTH}`} />
      <circle classList={{ open: !props.isHealthy }} cx={gaugePlace(props.ratio) * WIDTH} cy="6" r="3" />
    </svg>
  );
}
