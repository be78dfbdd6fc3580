import * as v from "valibot";
import type { Hyperparameter, Hyperparameters, NumberParameter } from "../lib/hyperparameters.ts";
import { defaultConfig, losses, type RunConfig } from "./config.ts";
import {
  columnTypes,
  computeFields,
  defaultMember,
  fieldsOf,
  fileDefaults,
  layerFields,
  lossFor,
  MAX_LAYERS,
  MAX_TEXT,
  missingPolicies,
  modelFields,
  type RegistryField,
  registries,
  splitFields,
  taskOfData,
} from "./fields.ts";
import { JsonError, parseJson } from "./json.ts";
import { shown, suggestion } from "./wording.ts";

export type Checked =
  | { readonly ok: true; readonly config: RunConfig }
  | { readonly ok: false; readonly problems: readonly string[] };

type Schema = v.GenericSchema<unknown, unknown>;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A value that `accepts` decides on. The path is put before the message when the problems are listed. */
const value = (accepts: (input: unknown) => boolean, expected: string): Schema =>
  v.custom<unknown>(accepts, ({ input }) => `got ${shown(input)}, expected ${expected}`);

const oneOf = (values: readonly string[]): Schema =>
  v.custom<unknown>(
    (input) => typeof input === "string" && values.includes(input),
    ({ input }) => `got ${shown(input)}, expected one of ${values.join(", ")}${suggestion(input, values)}`,
  );

const text = (least: number): Schema =>
  value(
    (input) => typeof input === "string" && input.length >= least && input.length <= MAX_TEXT,
    `text of ${least} to ${MAX_TEXT} characters`,
  );

function numberSchema({ min, max, integer }: NumberParameter): Schema {
  const accepts = (input: unknown) =>
    typeof input === "number" && input >= min && input <= max && (integer === undefined || Number.isInteger(input));
  return value(accepts, `${integer ? "an integer" : "a number"} from ${min} to ${max}`);
}

function parameterSchema(parameter: Hyperparameter): Schema {
  if (parameter.kind === "number") return numberSchema(parameter);
  if (parameter.kind === "boolean") return value((input) => typeof input === "boolean", "true or false");
  return oneOf(Object.keys(parameter.options));
}

const withDefault = (schema: Schema, fallback: unknown): Schema => v.optional(schema, () => structuredClone(fallback));

const entriesOf = (fields: Hyperparameters): Record<string, Schema> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, withDefault(parameterSchema(field), field.default)]),
  );

/** An object with these fields and no others. */
function objectSchema(entries: Record<string, Schema>): Schema {
  const known = Object.keys(entries);
  const strict = v.strictObject(entries, (issue) => {
    if (issue.expected !== "never") return "got nothing, expected a value";
    const key = issue.path?.at(-1)?.key;
    const expected = known.length === 0 ? "no field at all" : `one of the fields ${known.join(", ")}`;
    return `got an unknown field, expected ${expected}${suggestion(key, known)}`;
  });
  const notAnObject = value(isRecord, "an object { … }");
  return v.lazy((input): Schema => (isRecord(input) ? strict : notAnObject));
}

/** A union by `kind`: the member's own fields and no others. A missing kind is `defaultKind`. */
function unionSchema(members: Readonly<Record<string, Record<string, Schema>>>, defaultKind: string): Schema {
  const kinds = Object.keys(members);
  const schemas = new Map(
    kinds.map((kind) => [kind, objectSchema({ kind: withDefault(oneOf([kind]), kind), ...members[kind] })]),
  );
  const unknownKind = v.looseObject({ kind: oneOf(kinds) });
  const notAnObject = objectSchema({});
  return v.lazy((input): Schema => {
    if (!isRecord(input)) return notAnObject;
    const kind = Object.hasOwn(input, "kind") ? input.kind : defaultKind;
    return (typeof kind === "string" ? schemas.get(kind) : undefined) ?? unknownKind;
  });
}

const membersOf = (field: RegistryField): Record<string, Record<string, Schema>> =>
  Object.fromEntries(Object.keys(field.registry).map((kind) => [kind, entriesOf(fieldsOf(field, kind))]));

const isColumnType = (type: unknown): boolean => columnTypes.some((known) => known === type);

const columnsSchema: Schema = v.custom<unknown>(
  (input) => isRecord(input) && Object.values(input).every(isColumnType),
  ({ input }) => {
    const expected = `one of ${columnTypes.join(", ")}`;
    const wrong = isRecord(input) ? Object.entries(input).find(([, type]) => !isColumnType(type)) : undefined;
    if (wrong === undefined) return `got ${shown(input)}, expected an object of column names with ${expected}`;
    return `got ${shown(wrong[1])} for column ${shown(wrong[0])}, expected ${expected}`;
  },
);

const fileEntries: Record<string, Schema> = {
  path: text(1),
  target: withDefault(text(0), fileDefaults.target),
  types: withDefault(columnsSchema, fileDefaults.types),
  missing: withDefault(parameterSchema(missingPolicies), fileDefaults.missing),
  ...entriesOf(splitFields),
};

const registrySchema = (field: RegistryField): Schema => unionSchema(membersOf(field), field.defaultKind);

const layersSchema: Schema = v.pipe(
  v.array(objectSchema(entriesOf(layerFields)), ({ input }) => `got ${shown(input)}, expected a list of layers`),
  v.maxLength(MAX_LAYERS, ({ input }) => `got ${input.length} layers, expected at most ${MAX_LAYERS}`),
);

const modelEntries: Record<string, Schema> = {
  layers: withDefault(layersSchema, defaultConfig.model.layers),
  initializer: v.optional(registrySchema(registries.initializer), {}),
  ...entriesOf(modelFields),
};

const runSchema: Schema = objectSchema({
  version: withDefault(
    value((input) => input === 1, "1, the version of this format"),
    1,
  ),
  data: v.optional(unionSchema({ ...membersOf(registries.data), file: fileEntries }, registries.data.defaultKind), {}),
  model: v.optional(unionSchema({ mlp: modelEntries }, "mlp"), {}),
  loss: v.optional(registrySchema(registries.loss)),
  optimizer: v.optional(registrySchema(registries.optimizer), {}),
  compute: v.optional(objectSchema(entriesOf(computeFields)), {}),
});

/** A field that does not hold, by its path, and what else must go for its default to hold. */
export interface Problem {
  readonly path: readonly string[];
  readonly message: string;
  readonly alsoReset?: readonly string[];
}

/** What a configuration can be although each of its fields is right. */
function contradictions({ data, loss }: RunConfig): readonly Problem[] {
  const problems: Problem[] = [];
  // Fractions such as 0.7 + 0.3 need not add up to 1 exactly.
  if (data.train + data.validation > 1 + 1e-9) {
    const most = Number((1 - data.train).toFixed(9));
    const message = `data.validation: got ${data.validation}, expected at most ${most}, what data.train leaves.`;
    problems.push({ path: ["data", "validation"], message, alsoReset: ["data", "train"] });
  }
  const task = taskOfData(data.kind);
  if (task !== undefined && losses[loss.kind].task !== task) {
    const fitting = Object.entries(losses).flatMap(([kind, loss]) => (loss.task === task ? [kind] : []));
    const message = `loss.kind: got ${shown(loss.kind)}, expected ${fitting.join(" or ")}, as ${data.kind} is ${task}.`;
    problems.push({ path: ["loss"], message });
  }
  return problems;
}

function problemOf(issue: v.BaseIssue<unknown>): Problem {
  const path = (issue.path ?? []).map(({ key }) => String(key));
  const end = issue.message.endsWith("?") ? "" : ".";
  return { path, message: `${path.join(".") || "configuration"}: ${issue.message}${end}` };
}

/** The configuration with what is missing filled in, or which fields do not hold: what `checkConfig` and links share. */
export function readConfig(input: unknown): { readonly config?: RunConfig; readonly problems: readonly Problem[] } {
  const result = v.safeParse(runSchema, input);
  if (!result.success) return { problems: result.issues.map(problemOf) };
  // The schema has checked every field against the definitions that the type is derived from.
  const output = result.output as Omit<RunConfig, "loss"> & { readonly loss?: RunConfig["loss"] };
  const kind = lossFor(taskOfData(output.data.kind) ?? "") ?? registries.loss.defaultKind;
  const loss = output.loss ?? (defaultMember(registries.loss, kind) as RunConfig["loss"]);
  const { version, data, model, optimizer, compute } = output;
  const config = { version, data, model, loss, optimizer, compute };
  const problems = contradictions(config);
  return problems.length === 0 ? { config, problems } : { problems };
}

/**
 * Checks a configuration that people, files or links gave: every field has its type and range, there are no others, and
 * the loss fits the data. Missing fields take their defaults (`docs/run-config.md`); a missing loss is one that fits.
 * A file's task is known only once it is read, so its loss is checked then.
 */
export function checkConfig(input: unknown): Checked {
  const { config, problems } = readConfig(input);
  return config === undefined ? { ok: false, problems: problems.map(({ message }) => message) } : { ok: true, config };
}

/** Checks the JSON text of a configuration; an error of JSON is a problem with line and column. */
export function parseConfig(json: string): Checked {
  try {
    return checkConfig(parseJson(json));
  } catch (error) {
    if (error instanceof JsonError) return { ok: false, problems: [`configuration: ${error.message}`] };
    throw error;
  }
}
