import { Canvas } from "../Canvas.tsx";
import { classToken, color } from "../palette.ts";
import { drawMarker } from "./markers.ts";

/** The mark and the name of a class. */
export function ClassKey(props: { readonly label: number; readonly name: string }) {
  return (
    <span class="key">
      <Canvas
        class="key-mark"
        draw={({ context, width, height }) => {
          drawMarker(context, props.label, width / 2, height / 2, width * 0.29);
          context.fillStyle = color(classToken(props.label));
          context.fill();
        }}
      />
      {props.name}
    </span>
  );
}

/** Filled marks are training, hollow ones validation. */
export function SplitKey(props: { readonly filled: boolean; readonly name: string; readonly token?: string }) {
  return (
    <span class="key">
      <Canvas
        class="key-mark"
        draw={({ context, width, height }) => {
          drawMarker(context, 0, width / 2, height / 2, width * 0.26);
          context.fillStyle = color(props.token ?? "--ink");
          context.strokeStyle = color(props.token ?? "--ink");
          context.lineWidth = 1.5;
          if (props.filled) context.fill();
          else context.stroke();
        }}
      />
      {props.name}
    </span>
  );
}

/** A line of a picture and its name. */
export function LineKey(props: { readonly token: string; readonly dash?: readonly number[]; readonly name: string }) {
  return (
    <span class="key">
      <Canvas
        class="key-mark"
        draw={({ context, width, height }) => {
          context.beginPath();
          context.moveTo(0, height / 2);
          context.lineTo(width, height / 2);
          context.strokeStyle = color(props.token);
          context.lineWidth = 2;
          context.setLineDash([...(props.dash ?? [])]);
          context.stroke();
        }}
      />
      {props.name}
    </span>
  );
}
