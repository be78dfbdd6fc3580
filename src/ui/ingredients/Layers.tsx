import { Index } from "solid-js";
import { type ActivationKind, activations, defaultConfig, type LayerConfig } from "../../session/config.ts";
import { layerFields, MAX_LAYERS } from "../../session/fields.ts";
import { optionsOf, Select } from "../controls/Choice.tsx";
import { readTyped } from "../controls/scale.ts";
import { Icon } from "../Icon.tsx";

const { width } = layerFields;

const isActivation = (name: string): name is ActivationKind => Object.hasOwn(activations, name);

interface LayerProps {
  readonly number: number;
  readonly layer: LayerConfig;
  readonly onChange: (layer: LayerConfig) => void;
  readonly onRemove: () => void;
}

function Layer(props: LayerProps) {
  const take = (typed: ReturnType<typeof readTyped>) => {
    if (typed.ok && typed.value !== props.layer.width) props.onChange({ ...props.layer, width: typed.value });
  };
  const by = (units: number) => take(readTyped(width, String(props.layer.width + units)));
  return (
    <li class="layer">
      <span class="k">{props.number}</span>
      <span>Dense</span>
      <span class="stepper">
        <button type="button" aria-label={`Fewer units in layer ${props.number}`} onClick={() => by(-1)}>
          <Icon glyph="minus" />
        </button>
        <input
          type="number"
          aria-label={`Units of layer ${props.number}`}
          min={width.min}
          max={width.max}
          value={props.layer.width}
          onChange={(event) => {
            take(readTyped(width, event.currentTarget.value));
            event.currentTarget.value = String(props.layer.width);
          }}
        />
        <button type="button" aria-label={`More units in layer ${props.number}`} onClick={() => by(1)}>
          <Icon glyph="plus" />
        </button>
      </span>
      <Select
        aria-label={`Activation of layer ${props.number}`}
        options={optionsOf(activations)}
        value={props.layer.activation}
        onChange={(name) => {
          if (isActivation(name)) props.onChange({ ...props.layer, activation: name });
        }}
      />
      <button type="button" class="btn ico" aria-label={`Remove layer ${props.number}`} onClick={props.onRemove}>
        <Icon glyph="close" />
      </button>
    </li>
  );
}

export interface LayersProps {
  readonly layers: readonly LayerConfig[];
  readonly onChange: (layers: readonly LayerConfig[]) => void;
}

/** The hidden layers, from input to output. */
export function Layers(props: LayersProps) {
  const add = () => {
    const like = props.layers.at(-1) ?? defaultConfig.model.layers[0];
    if (like !== undefined) props.onChange([...props.layers, like]);
  };
  return (
    <>
      <ol class="layers" aria-label="Hidden layers">
        <Index each={props.layers}>
          {(layer, index) => (
            <Layer
              number={index + 1}
              layer={layer()}
              onChange={(next) => props.onChange(props.layers.with(index, next))}
              onRemove={() => props.onChange(props.layers.toSpliced(index, 1))}
            />
          )}
        </Index>
      </ol>
      <button type="button" class="btn bare add" disabled={props.layers.length >= MAX_LAYERS} onClick={add}>
        <Icon glyph="plus" />
        Add layer
      </button>
    </>
  );
}
