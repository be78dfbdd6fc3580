import type { Hyperparameters, Values } from "../lib/hyperparameters.ts";
import { readConfig } from "./check.ts";
import { type DataConfig, defaultConfig, type FileData, type LayerConfig, type RunConfig } from "./config.ts";
import {
  computeFields,
  fieldsOf,
  fileDefaults,
  lossFor,
  modelFields,
  registries,
  splitFields,
  taskOfData,
} from "./fields.ts";
import { shown } from "./wording.ts";

/**
 * A configuration as the hash of an address: `v=1&data=moons&data.noise=0.1&model.layers=8relu&optimizer=sgd&batchSize=64`.
 * Names are those of the configuration, except that the fields of `compute` stand alone. What equals the default of its
 * kind is left out.
 */

/** Longest hash that is read, in UTF-16 units. */
const MAX_HASH = 65_536;
const TYPES = "data.types.";
const NO_LAYERS = "none";

type Pair = readonly [key: string, value: string];

const differing = (prefix: string, fields: Hyperparameters, values: Values): Pair[] =>
  Object.entries(fields).flatMap(([name, { default: usual }]): Pair[] => {
    const given = values[name];
    return given === undefined || given === usual ? [] : [[prefix + name, String(given)]];
  });

function dataPairs(data: DataConfig): Pair[] {
  const kind: Pair[] = data.kind === defaultConfig.data.kind ? [] : [["data", data.kind]];
  if (data.kind !== "file") {
    return [...kind, ...differing("data.", fieldsOf(registries.data, data.kind), { ...data })];
  }
  const { seed, train, validation } = data;
  return [...kind, ...filePairs(data), ...differing("data.", splitFields, { seed, train, validation })];
}

function filePairs({ path, target, types, missing }: FileData): Pair[] {
  return [
    ["data.path", path],
    ...(target === fileDefaults.target ? [] : [["data.target", target] as const]),
    ...Object.entries(types).map(([column, type]): Pair => [TYPES + column, type]),
    ...(missing === fileDefaults.missing ? [] : [["data.missing", missing] as const]),
  ];
}

const layersText = (layers: readonly LayerConfig[]): string =>
  layers.map(({ width, activation }) => `${width}${activation}`).join("-") || NO_LAYERS;

function choicePairs(name: keyof typeof registries, prefix: string, values: Values, defaultKind: string): Pair[] {
  const kind = String(values.kind);
  const own: Pair[] = kind === defaultKind ? [] : [[prefix, kind]];
  return [...own, ...differing(`${prefix}.`, fieldsOf(registries[name], kind), values)];
}

const lossOf = (dataKind: string): string => lossFor(taskOfData(dataKind) ?? "") ?? registries.loss.defaultKind;

/** The hash of a configuration, without the `#`. `decodeConfig` gives the same configuration back. */
export function encodeConfig({ data, model, loss, optimizer, compute }: RunConfig): string {
  const layers = layersText(model.layers);
  const pairs: Pair[] = [
    ["v", "1"],
    ...dataPairs(data),
    ...(layers === layersText(defaultConfig.model.layers) ? [] : [["model.layers", layers] as const]),
    ...choicePairs("initializer", "model.initializer", model.initializer, registries.initializer.defaultKind),
    ...differing("model.", modelFields, { seed: model.seed }),
    ...choicePairs("loss", "loss", loss, lossOf(data.kind)),
    ...choicePairs("optimizer", "optimizer", optimizer, registries.optimizer.defaultKind),
    ...differing("", computeFields, { ...compute }),
  ];
  return pairs.map(([key, value]) => `${percentEncoded(key)}=${percentEncoded(value)}`).join("&");
}

/** Percent-encodes what a hash cannot hold or what separates pairs; a lone surrogate becomes U+FFFD. */
const percentEncoded = (text: string): string => encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, "\uFFFD"));

/** Decodes percent signs; `undefined` for text that is none. */
function percentDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** The pairs of a hash, each key once: the first counts. */
function readPairs(hash: string, problems: string[]): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  if (hash.length > MAX_HASH) {
    problems.push(`link: got ${hash.length} characters, expected at most ${MAX_HASH}. The defaults are used.`);
    return pairs;
  }
  for (const part of hash.split("&").filter((part) => part !== "")) {
    const equals = part.indexOf("=");
    const key = percentDecoded(equals < 0 ? part : part.slice(0, equals));
    const value = equals < 0 ? undefined : percentDecoded(part.slice(equals + 1));
    if (key === undefined || value === undefined) {
      problems.push(`link: got ${shown(part)}, expected name=value with valid percent signs. It is left out.`);
    } else if (pairs.has(key)) {
      problems.push(`${shortKey(key)}: got a second value ${shown(value)}, expected one. The first one counts.`);
    } else pairs.set(key, value);
  }
  return pairs;
}

const shortKey = (key: string): string => (/^[\w.-]{1,60}$/.test(key) ? key : shown(key));

/** A tree of what the link gives, without prototypes, as `checkConfig` takes it. */
interface Draft {
  [key: string]: unknown;
}

const isTree = (value: unknown): value is Draft => typeof value === "object" && value !== null && !Array.isArray(value);

const draft = (): Draft => Object.create(null) as Draft;

/** Text as the field's description wants it; text that is no such value stays text, and the check names it. */
function typed(fields: Hyperparameters, name: string, text: string): unknown {
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (field?.kind === "number" && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text);
  if (field?.kind === "boolean" && (text === "true" || text === "false")) return text === "true";
  return text;
}

/** `16tanh-16tanh` as layers. A part that is none keeps its text, and the check names it. */
function readLayers(text: string): unknown {
  if (text === NO_LAYERS) return [];
  return text.split("-").map((part) => {
    const match = /^(\d+)(\D.*)$/.exec(part);
    return match === null ? part : { width: Number(match[1]), activation: match[2] };
  });
}

interface Place {
  /** Where the value goes, from the root of the configuration. */
  readonly path: readonly string[];
  readonly value: unknown;
}

/** The registries' place in links and in the configuration. */
const choices = [
  { name: "data", key: "data", path: ["data"] },
  { name: "initializer", key: "model.initializer", path: ["model", "initializer"] },
  { name: "loss", key: "loss", path: ["loss"] },
  { name: "optimizer", key: "optimizer", path: ["optimizer"] },
] as const;

/** The kind whose fields a link means: what it names, or the default where it names none that there is. */
function kindFor(name: keyof typeof registries, given: string | undefined): string {
  const { registry, defaultKind } = registries[name];
  const known = given !== undefined && (Object.hasOwn(registry, given) || (name === "data" && given === "file"));
  return known ? given : defaultKind;
}

/** Where a pair belongs; `undefined` for a key that no configuration has. */
function placeOf(key: string, text: string, pairs: ReadonlyMap<string, string>): Place | undefined {
  if (key.startsWith(TYPES)) return { path: ["data", "types", key.slice(TYPES.length)], value: text };
  // A kind stands without its field's name: data=moons.
  if (key.endsWith(".kind")) return undefined;
  if (key === "model") return { path: ["model", "kind"], value: text };
  if (key === "model.layers") return { path: ["model", "layers"], value: readLayers(text) };
  for (const { name, key: own, path } of choices) {
    if (key === own) return { path: [...path, "kind"], value: text };
    if (!key.startsWith(`${own}.`)) continue;
    const field = key.slice(own.length + 1);
    return {
      path: [...path, field],
      value: typed(fieldsOf(registries[name], kindFor(name, pairs.get(own))), field, text),
    };
  }
  if (key.startsWith("model.")) {
    const field = key.slice("model.".length);
    return { path: ["model", field], value: typed(modelFields, field, text) };
  }
  return Object.hasOwn(computeFields, key)
    ? { path: ["compute", key], value: typed(computeFields, key, text) }
    : undefined;
}

function put(root: Draft, { path, value }: Place): void {
  let node = root;
  for (const key of path.slice(0, -1)) {
    const next = isTree(node[key]) ? node[key] : draft();
    node[key] = next;
    node = next;
  }
  node[path.at(-1) ?? ""] = value;
}

/** Takes what a path leads to out of the tree, a list as a whole. False where the tree does not have it. */
function take(root: Draft, path: readonly string[]): boolean {
  let node = root;
  for (const [depth, key] of path.entries()) {
    if (!(key in node)) return false;
    const next = node[key];
    if (isTree(next) && depth < path.length - 1) node = next;
    else return delete node[key];
  }
  return false;
}

/** Drops what the check refuses until it accepts; each round drops something, and an empty tree is accepted. */
function settle(root: Draft, problems: string[]): RunConfig {
  for (;;) {
    const read = readConfig(root);
    if (read.config !== undefined) return read.config;
    for (const { path, message, alsoReset = path } of read.problems) {
      problems.push(`${message} The default is used.`);
      const taken = [path, alsoReset].filter((reset) => take(root, reset));
      // Something that is wrong by being absent, such as the path of a file: what lacks it goes.
      if (taken.length === 0) path.findLast((_, end) => take(root, path.slice(0, end)));
    }
  }
}

/**
 * The configuration that a hash (without the `#`) asks for. Never throws, whatever the text: a field that is unknown,
 * out of range or unreadable keeps its default, and `problems` names it.
 */
export function decodeConfig(hash: string): { readonly config: RunConfig; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const pairs = readPairs(hash, problems);
  const version = pairs.get("v");
  if (version !== "1" && pairs.size > 0) {
    problems.push(`v: got ${shown(version)}, expected 1. The link may come from another version of this page.`);
  }
  const root = draft();
  for (const [key, text] of pairs) {
    if (key === "v") continue;
    const place = placeOf(key, text, pairs);
    if (place === undefined)
      problems.push(`${shortKey(key)}: got an unknown field, expected none of that name. It is left out.`);
    else put(root, place);
  }
  return { config: settle(root, problems), problems };
}
