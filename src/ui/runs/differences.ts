import { formatSetting } from "../../lib/format.ts";
import type { Hyperparameter, Hyperparameters } from "../../lib/hyperparameters.ts";
import type { LayerConfig, RunConfig } from "../../session/config.ts";
import {
  computeFields,
  dataFields,
  fieldsOf,
  modelFields,
  placeOfRegistry,
  registries,
  stoppingFields,
} from "../../session/fields.ts";

/** A setting in which two configurations differ, in words. */
export interface Difference {
  /** From the root of the configuration. */
  readonly path: readonly string[];
  readonly label: string;
  readonly before: string;
  readonly after: string;
}

interface Leaf {
  readonly path: readonly string[];
  readonly label: string;
  readonly text: string;
  readonly value: unknown;
  /** Names a member of a registry: its own fields mean nothing for another one. */
  readonly isKind: boolean;
}

type RegistryName = keyof typeof registries;

/** What a field is called where its own label says too little: there are three seeds, and limits count steps. */
const prefixes: Readonly<Record<string, string>> = {
  initializer: "initial",
  schedule: "schedule",
  clipping: "clipping",
  stopping: "limit of",
};

/** Labels are written as in a sentence; "L2 penalty" and "β₁" keep their letters. */
const sentenceCase = (label: string): string =>
  /^\p{Lu}\p{Ll}/u.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;

function labelOf(part: string, name: string, label: string): string {
  if (name === "seed") return `${part === "compute" ? "batch" : part} seed`;
  const prefix = prefixes[part];
  return prefix === undefined ? sentenceCase(label) : `${prefix} ${sentenceCase(label)}`;
}

/** A value as a table shows it. Seeds keep all of their digits. */
function textOf(name: string, field: Hyperparameter | undefined, value: unknown): string {
  if (typeof value === "number") return name === "seed" ? String(value) : formatSetting(value, 4);
  if (typeof value === "boolean") return value ? "on" : "off";
  if (Array.isArray(value)) return value.map((entry) => formatSetting(Number(entry))).join(", ") || "none";
  const text = String(value);
  return field?.kind === "choice" && Object.hasOwn(field.options, text) ? (field.options[text] ?? text) : text;
}

/** `16–16 tanh`, or each layer with its own activation: `16 tanh–8 relu`. */
export function layersText(layers: readonly LayerConfig[]): string {
  const [first] = layers;
  if (first === undefined) return "none";
  const isUniform = layers.every(({ activation }) => activation === first.activation);
  if (isUniform) return `${layers.map(({ width }) => width).join("–")} ${first.activation}`;
  return layers.map(({ width, activation }) => `${width} ${activation}`).join("–");
}

type Tree = Readonly<Record<string, unknown>>;

const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null && !Array.isArray(value);

/** What a path leads to; `undefined` where there is nothing. */
export const valueAt = (root: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((node, key) => (isTree(node) && Object.hasOwn(node, key) ? node[key] : undefined), root);

const leavesOf = (part: string, path: readonly string[], fields: Hyperparameters, values: unknown): Leaf[] =>
  Object.entries(fields).flatMap(([name, field]) => {
    const value = valueAt(values, [name]);
    if (value === undefined) return [];
    const text = textOf(name, field, value);
    return [{ path: [...path, name], label: labelOf(part, name, field.label), text, value, isKind: false }];
  });

/** The names of registries, as a sentence says them. */
const partLabels: Partial<Record<RegistryName, string>> = { initializer: "initial weights" };

function memberLeaves(name: RegistryName, config: RunConfig): Leaf[] {
  const path = placeOfRegistry[name];
  const member = valueAt(config, path);
  const kind = String(valueAt(member, ["kind"]));
  const { registry } = registries[name];
  const label = (registry as Readonly<Record<string, { readonly label: string }>>)[kind]?.label ?? kind;
  const fields = kind === "file" && name === "data" ? dataFields : fieldsOf(registries[name], kind);
  return [
    { path: [...path, "kind"], label: partLabels[name] ?? name, text: label, value: kind, isKind: true },
    ...leavesOf(name, path, fields, member),
  ];
}

const fileLeaves = ({ data }: RunConfig): Leaf[] =>
  data.kind !== "file"
    ? []
    : (["path", "target", "types", "missing"] as const).map((name) => {
        const value = data[name];
        const text = typeof value === "string" ? value : JSON.stringify(value);
        return { path: ["data", name], label: name === "path" ? "file" : name, text, value: text, isKind: false };
      });

const modelLeaves = ({ model }: RunConfig): Leaf[] => [
  {
    ...{ path: ["model", "layers"], label: "layers", text: layersText(model.layers), isKind: false },
    value: JSON.stringify(model.layers),
  },
  ...leavesOf("model", ["model"], modelFields, model),
];

const allLeaves = (config: RunConfig): readonly Leaf[] => [
  ...memberLeaves("data", config),
  ...fileLeaves(config),
  ...modelLeaves(config),
  ...(["initializer", "loss", "optimizer", "schedule", "clipping"] as const).flatMap((name) =>
    memberLeaves(name, config),
  ),
  ...leavesOf("compute", ["compute"], computeFields, config.compute),
  ...leavesOf("stopping", ["stopping"], stoppingFields, config.stopping),
];

/** What the setting at a path like `optimizer.learningRate` is called; the path itself where there is none. */
export const labelAt = (config: RunConfig, path: string): string =>
  allLeaves(config).find((leaf) => leaf.path.join(".") === path)?.label ?? path;

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/**
 * The settings in which two configurations differ, in the order of the ingredients. Of a part whose kind differs, the
 * kind counts and what both kinds have; what only one of them has does not differ.
 */
export function differences(before: RunConfig, after: RunConfig): readonly Difference[] {
  const old = new Map(allLeaves(before).map((leaf) => [leaf.path.join("."), leaf]));
  return allLeaves(after).flatMap((leaf) => {
    const other = old.get(leaf.path.join("."));
    if (other === undefined || same(other.value, leaf.value)) return [];
    return [{ path: leaf.path, label: leaf.label, before: other.text, after: leaf.text }];
  });
}

/** Changes that are told one by one; more are counted. */
const mostTold = 3;

/** `learning rate 0.01 → 0.003, layers 16–16 tanh → 8 relu`, or how many settings differ. */
export function describeChange(before: RunConfig, after: RunConfig): string {
  const found = differences(before, after);
  if (found.length > mostTold) {
    const kinds = found
      .filter(({ path }) => path.at(-1) === "kind")
      .map(({ label, after: text }) => `${label} ${text}`);
    return [`${found.length} settings`, ...kinds.slice(0, 2)].join(", ");
  }
  return found.map(({ label, before: old, after: now }) => `${label} ${old} → ${now}`).join(", ") || "no setting";
}

/** A copy of a tree with one value changed. */
export function withValue(root: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  return { ...(isTree(root) ? root : {}), [key]: withValue(valueAt(root, [key]), rest, value) };
}

/**
 * A configuration with the change from `before` to `after` taken back and all others kept: where a kind changed, the
 * whole old member comes back. Not checked: another change may contradict it.
 */
export function withoutChange(config: RunConfig, before: RunConfig, after: RunConfig): unknown {
  const paths = differences(before, after).map(({ path }) => (path.at(-1) === "kind" ? path.slice(0, -1) : path));
  return paths.reduce<unknown>((draft, path) => withValue(draft, path, valueAt(before, path)), config);
}

/** A configuration without what seeds say, for comparing runs that differ in nothing else. */
export const withoutSeeds = ({ data, model, compute, ...rest }: RunConfig): unknown => ({
  ...rest,
  data: { ...data, seed: 0 },
  model: { ...model, seed: 0 },
  compute: { ...compute, seed: 0 },
});
