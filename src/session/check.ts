import * as v from "valibot";
import { type Loss, lossNeeds } from "../engine/losses/loss.ts";
import { problemOf as scheduleProblem } from "../engine/schedules/schedule.ts";
import {
  type Hyperparameter,
  type Hyperparameters,
  MAX_NUMBERS,
  type NumberParameter,
  type NumbersParameter,
} from "../lib/hyperparameters.ts";
import { memberOf } from "../lib/registry.ts";
import { defaultConfig, losses, type RunConfig } from "./config.ts";
import {
  askedByData,
  columnTypes,
  computeFields,
  dataFields,
  defaultMember,
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
  usualLoss,
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

function numbersSchema({ min, max }: NumbersParameter): Schema {
  const expected = `a list of at most ${MAX_NUMBERS} numbers from ${min} to ${max}`;
  const accepts = (input: unknown) => typeof input === "number" && input >= min && input <= max;
  return v.custom<unknown>(
    (input) => Array.isArray(input) && input.length <= MAX_NUMBERS && input.every(accepts),
    ({ input }) => {
      if (!Array.isArray(input)) return `got ${shown(input)}, expected ${expected}`;
      const wrong = input.findIndex((entry) => !accepts(entry));
      const got = wrong < 0 ? `${input.length} numbers` : `${shown(input[wrong])} at place ${wrong + 1}`;
      return `got ${got}, expected ${expected}`;
    },
  );
}

function parameterSchema(parameter: Hyperparameter): Schema {
  if (parameter.kind === "number") return numberSchema(parameter);
  if (parameter.kind === "boolean") return value((input) => typeof input === "boolean", "true or false");
  if (parameter.kind === "numbers") return numbersSchema(parameter);
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

function membersOf(field: RegistryField): Record<string, Record<string, Schema>> {
  const nested = Object.entries(field.nested ?? {}).map(([name, inner]) => [
    name,
    v.optional(registrySchema(inner), {}),
  ]);
  return Object.fromEntries(
    Object.keys(field.registry).map((kind) => [
      kind,
      { ...entriesOf(fieldsOf(field, kind)), ...Object.fromEntries(nested) },
    ]),
  );
}

const registrySchema = (field: RegistryField): Schema => unionSchema(membersOf(field), field.defaultKind);

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
  ...entriesOf(dataFields),
};

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
  stopping: v.optional(objectSchema(entriesOf(stoppingFields)), {}),
});

/** A field that does not hold, by its path, and what else must go for its default to hold. */
export interface Problem {
  readonly path: readonly string[];
  readonly message: string;
  readonly alsoReset?: readonly string[];
}

/** What data can be although each of its fields is right. */
function dataContradictions({ data, loss }: RunConfig): readonly Problem[] {
  const problems: Problem[] = [];
  // Fractions such as 0.7 + 0.3 need not add up to 1 exactly.
  if (data.train + data.validation > 1 + 1e-9) {
    const most = Number((1 - data.train).toFixed(9));
    const message = `data.validation: got ${data.validation}, expected at most ${most}, what data.train leaves.`;
    problems.push({ path: ["data", "validation"], message, alsoReset: ["data", "train"] });
  }
  const asked = askedByData(data);
  if (asked !== undefined && lossNeeds(memberOf(losses, loss.kind), asked) !== undefined) {
    const fitting = Object.entries<Loss>(losses).flatMap(([kind, loss]) => (lossNeeds(loss, asked) ? [] : [kind]));
    const why = asked.classes === undefined ? asked.task : `${asked.task} with ${asked.classes} classes`;
    const message = `loss.kind: got ${shown(loss.kind)}, expected ${fitting.join(" or ")}, as ${data.kind} is ${why}.`;
    problems.push({ path: ["loss"], message });
  }
  return problems;
}

/** The same for when the learning rate changes and when the run ends. */
function stoppingContradictions({ data, optimizer: { schedule }, stopping }: RunConfig): readonly Problem[] {
  const problems: Problem[] = [];
  const wrong = scheduleProblem(schedule);
  if (wrong !== undefined) {
    const path = ["optimizer", "schedule", wrong.field];
    problems.push({ path, message: `${path.join(".")}: ${wrong.message}`, alsoReset: ["optimizer", "schedule"] });
  } else if (stopping.steps > 0 && schedule.warmupSteps > stopping.steps) {
    const path = ["optimizer", "schedule", "warmupSteps"];
    const got = `got ${schedule.warmupSteps}, expected at most ${stopping.steps}, the steps of the run`;
    problems.push({ path, message: `${path.join(".")}: ${got} (stopping.steps).`, alsoReset: ["stopping", "steps"] });
  }
  if (stopping.patience > 0 && data.validation === 0) {
    const message = `stopping.patience: got ${stopping.patience}, expected 0, as data.validation is 0.`;
    problems.push({ path: ["stopping", "patience"], message });
  }
  return problems;
}

function problemOf(issue: v.BaseIssue<unknown>): Problem {
  const path = (issue.path ?? []).map(({ key }) => String(key));
  const end = issue.message.endsWith("?") ? "" : ".";
  return { path, message: `${path.join(".") || "configuration"}: ${issue.message}${end}` };
}

/** The input with the kind of loss that its data means, where it says something of the loss and not its kind. */
function withLossKind(input: unknown): unknown {
  if (!isRecord(input) || !isRecord(input.loss) || Object.hasOwn(input.loss, "kind")) return input;
  const { data } = input;
  const kind = isRecord(data) && Object.hasOwn(data, "kind") ? data.kind : registries.data.defaultKind;
  return { ...input, loss: { ...input.loss, kind: usualLoss(String(kind)) } };
}

/** The configuration with what is missing filled in, or which fields do not hold: what `checkConfig` and links share. */
export function readConfig(input: unknown): { readonly config?: RunConfig; readonly problems: readonly Problem[] } {
  const result = v.safeParse(runSchema, withLossKind(input));
  if (!result.success) return { problems: result.issues.map(problemOf) };
  // The schema has checked every field against the definitions that the type is derived from.
  const output = result.output as Omit<RunConfig, "loss"> & { readonly loss?: RunConfig["loss"] };
  const kind = usualLoss(output.data.kind);
  const loss = output.loss ?? (defaultMember(registries.loss, kind) as unknown as RunConfig["loss"]);
  const { version, data, model, optimizer, compute, stopping } = output;
  const config = { version, data, model, loss, optimizer, compute, stopping };
  const problems = [...dataContradictions(config), ...stoppingContradictions(config)];
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
