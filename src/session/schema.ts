import { type Hyperparameter, type Hyperparameters, MAX_NUMBERS } from "../lib/hyperparameters.ts";
import { defaultConfig } from "./config.ts";
import {
  columnTypes,
  computeFields,
  dataFields,
  fieldsOf,
  fileDefaults,
  layerFields,
  MAX_LAYERS,
  MAX_TEXT,
  missingPolicies,
  modelFields,
  type RegistryField,
  registries,
  stoppingFields,
} from "./fields.ts";

/** A JSON Schema, or a part of one. */
export type JsonSchema = {
  readonly [key: string]: JsonSchema | readonly JsonSchema[] | string | number | boolean | readonly (string | number)[];
};

/** Title and description of a field, where it has them. */
const words = ({ label, help }: Hyperparameter) => ({
  title: label,
  ...(help === undefined ? {} : { description: help }),
});

function parameterSchema(parameter: Hyperparameter): JsonSchema {
  if (parameter.kind === "boolean") return { ...words(parameter), type: "boolean", default: parameter.default };
  if (parameter.kind === "choice")
    return { ...words(parameter), enum: Object.keys(parameter.options), default: parameter.default };
  const { min, max } = parameter;
  if (parameter.kind === "numbers") {
    const items = { type: "number", minimum: min, maximum: max };
    return { ...words(parameter), type: "array", items, maxItems: MAX_NUMBERS, default: parameter.default };
  }
  const { integer } = parameter;
  return {
    ...words(parameter),
    type: integer ? "integer" : "number",
    minimum: min,
    maximum: max,
    default: parameter.default,
  };
}

const objectSchema = (properties: JsonSchema, required: readonly string[] = []): JsonSchema => ({
  type: "object",
  properties,
  ...(required.length === 0 ? {} : { required }),
  additionalProperties: false,
});

const propertiesOf = (fields: Hyperparameters): JsonSchema =>
  Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, parameterSchema(field)]));

/** One object per kind; only the default kind may be left out. What members choose from other registries is defined once. */
function membersOf(field: RegistryField): readonly JsonSchema[] {
  const nested = Object.keys(field.nested ?? {}).map((name) => [name, { $ref: `#/$defs/${name}` }] as const);
  return Object.entries(field.registry).map(([kind, { label }]) => ({
    title: label,
    ...objectSchema(
      { kind: { const: kind }, ...propertiesOf(fieldsOf(field, kind)), ...Object.fromEntries(nested) },
      kind === field.defaultKind ? [] : ["kind"],
    ),
  }));
}

const fileSchema = (): JsonSchema => ({
  title: "A file of comma-separated values",
  ...objectSchema(
    {
      kind: { const: "file" },
      path: { type: "string", minLength: 1, maxLength: MAX_TEXT, description: "Relative to the configuration." },
      target: {
        type: "string",
        maxLength: MAX_TEXT,
        default: fileDefaults.target,
        description: "The column to predict; empty: the one that the reader proposes.",
      },
      types: {
        type: "object",
        additionalProperties: { enum: columnTypes },
        default: fileDefaults.types,
        description: "Corrections of detected column types, by column name.",
      },
      missing: parameterSchema(missingPolicies),
      ...propertiesOf(dataFields),
    },
    ["kind", "path"],
  ),
});

const layersSchema = (): JsonSchema => ({
  type: "array",
  maxItems: MAX_LAYERS,
  items: objectSchema(propertiesOf(layerFields)),
  default: defaultConfig.model.layers.map(({ width, activation }) => ({ width, activation })),
  description: "The hidden layers; the output layer follows from the data.",
});

/** The JSON Schema (draft 2020-12) of a run's configuration, derived from the registries: `public/run.schema.json`. */
export function runSchema(): JsonSchema {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "A training run",
    $defs: Object.fromEntries(
      Object.entries(registries.optimizer.nested).map(([name, field]) => [name, { oneOf: membersOf(field) }]),
    ),
    ...objectSchema({
      version: { const: 1 },
      data: { oneOf: [...membersOf(registries.data), fileSchema()] },
      model: objectSchema({
        kind: { const: "mlp" },
        layers: layersSchema(),
        initializer: { oneOf: membersOf(registries.initializer) },
        ...propertiesOf(modelFields),
      }),
      loss: { oneOf: membersOf(registries.loss) },
      optimizer: { oneOf: membersOf(registries.optimizer) },
      compute: objectSchema(propertiesOf(computeFields)),
      stopping: objectSchema(propertiesOf(stoppingFields)),
    }),
  };
}
