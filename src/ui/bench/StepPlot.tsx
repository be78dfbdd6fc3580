import { createMemo, createSignal, For, onCleanup, onMount, Show } from "solid-js";
import { crossoverOf, headline, type StepRow, stepRows } from "../../bench/analysis.ts";
import { type BenchDevice, benchDevices, deviceTitles } from "../../bench/kinds.ts";
import type { Report, StepTime } from "../../bench/report.ts";
import { networkName } from "../../bench/suites.ts";
import { formatMeasured } from "../../bench/wording.ts";
import { formatCount } from "../../lib/format.ts";
import { createPlane, type Plane } from "./plane.ts";

/** Time of a step over the batch size, on log axes: one line per device with the band of its percentiles. */
export function StepPlot(props: { readonly report: Report; readonly width: number }) {
  const [pixels, setPixels] = createSignal(640);
  let frame: HTMLDivElement | undefined;
  onMount(() => {
    if (frame === undefined) return;
    const observer = new ResizeObserver(([entry]) => setPixels(Math.max(240, entry?.contentRect.width ?? 0)));
    observer.observe(frame);
    onCleanup(() => observer.disconnect());
  });
  const rows = createMemo(() => stepRows(props.report, props.width));
  const plane = createMemo(() => createPlane(rows(), pixels()));
  const summary = () => Object.values(headline(props.report, props.width)).join(" ");
  return (
    <figure class="stepplot" aria-label="Time of one training step">
      <header>
        <h2>Time of one training step, ms</h2>
        <span class="dim3">MLP {networkName(props.width)}</span>
        <span class="dim3">log axes; below each batch, the GPU's speed-up</span>
      </header>
      <div ref={frame}>
        <Show
          when={rows().length > 0}
          fallback={<p class="note">The first point comes with the first batch of this network.</p>}
        >
          <svg width={plane().width} height={plane().height} role="img" aria-label={summary()}>
            <Grid plane={plane()} rows={rows()} />
            <For each={benchDevices}>{(device) => <Curve plane={plane()} rows={rows()} device={device} />}</For>
            <Crossing plane={plane()} rows={rows()} />
          </svg>
        </Show>
      </div>
    </figure>
  );
}

interface LayerProps {
  readonly plane: Plane;
  readonly rows: readonly StepRow[];
}

function Grid(props: LayerProps) {
  return (
    <>
      <For each={props.plane.ticks}>
        {(tick) => (
          <>
            <line
              class="g"
              x1={props.plane.left}
              x2={props.plane.right}
              y1={props.plane.y(tick)}
              y2={props.plane.y(tick)}
            />
            <text class="ax e" x={props.plane.left - 8} y={props.plane.y(tick) + 4}>
              {formatMeasured(tick)}
            </text>
          </>
        )}
      </For>
      <For each={props.rows}>
        {({ batch, speedUp }) => (
          <>
            <text class="ax m" x={props.plane.x(batch)} y={props.plane.bottom + 18}>
              {formatCount(batch)}
            </text>
            <text
              class="ax m"
              classList={{ ballt: speedUp !== undefined && speedUp > 1 }}
              x={props.plane.x(batch)}
              y={props.plane.bottom + 34}
            >
              {formatMeasured(speedUp, 2)}
            </text>
          </>
        )}
      </For>
      <line class="axis" x1={props.plane.left} x2={props.plane.right} y1={props.plane.bottom} y2={props.plane.bottom} />
      <text class="ax" x={props.plane.right + 10} y={props.plane.bottom + 18}>
        batch
      </text>
      <text class="ax" x={props.plane.right + 10} y={props.plane.bottom + 34}>
        speed-up
      </text>
    </>
  );
}

function Curve(props: LayerProps & { readonly device: BenchDevice }) {
  const points = (): readonly StepTime[] => props.rows.flatMap((row) => row[props.device] ?? []);
  const at = (batch: number, ms: number) => `${props.plane.x(batch).toFixed(1)},${props.plane.y(ms).toFixed(1)}`;
  const line = () => points().map(({ batch, ms }) => at(batch, ms.median));
  const band = () => [
    ...points().map(({ batch, ms }) => at(batch, ms.high)),
    ...points()
      .toReversed()
      .map(({ batch, ms }) => at(batch, ms.low)),
  ];
  const last = () => points().at(-1);
  return (
    <g class={`curve ${props.device}`}>
      <polygon class="spread" points={band().join(" ")} />
      <polyline points={line().join(" ")} />
      <For each={points()}>
        {({ batch, ms }) => (
          <Show
            when={props.device === "webgpu"}
            fallback={<rect x={props.plane.x(batch) - 3} y={props.plane.y(ms.median) - 3} width="6" height="6" />}
          >
            <circle cx={props.plane.x(batch)} cy={props.plane.y(ms.median)} r="3.5" />
          </Show>
        )}
      </For>
      <Show when={last()}>
        {(point) => (
          <text class="end" x={props.plane.x(point().batch) + 10} y={props.plane.y(point().ms.median) + 4}>
            {deviceTitles[props.device]}
          </text>
        )}
      </Show>
    </g>
  );
}

function Crossing(props: LayerProps) {
  const crossing = createMemo(() => crossoverOf(props.rows));
  return (
    <Show when={crossing()}>
      {(point) => (
        <g class="crossing">
          <line
            x1={props.plane.x(point().batch)}
            x2={props.plane.x(point().batch)}
            y1={props.plane.top}
            y2={props.plane.bottom}
          />
          <circle cx={props.plane.x(point().batch)} cy={props.plane.y(point().ms)} r="7" />
          <text x={props.plane.x(point().batch) + 8} y={props.plane.top + 10}>
            equal at batch {formatMeasured(point().batch, 2)}
          </text>
        </g>
      )}
    </Show>
  );
}
