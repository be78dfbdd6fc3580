import { type Hyperparameters, sameValue } from "../lib/hyperparameters.ts";
import { readConfig } from "./check.ts";
import { type DataConfig, defaultConfig, type FileData, type LayerConfig, type RunConfig } from "./config.ts";
import {
  computeFields,
  dataFields,
  fieldsOf,
  fileDefaults,
  type Member,
  modelFields,
  placeOfRegistry,
  registries,
  stoppingFields,
  usualLoss,
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
const STOPPING = "stopping.";
const NO_LAYERS = "none";

type Pair = readonly [key: string, value: string];

/** The fields that differ from their defaults; a list is written with commas. */
const differing = (prefix: string, fields: Hyperparameters, values: Readonly<Record<string, unknown>>): Pair[] =>
  Object.entries(fields).flatMap(([name, { default: usual }]): Pair[] => {
    const given = values[name];
    return given === undefined || sameValue(given, usual) ? [] : [[prefix + name, String(given)]];
  });

function dataPairs(data: DataConfig): Pair[] {
  const kind: Pair[] = data.kind === defaultConfig.data.kind ? [] : [["data", data.kind]];
  if (data.kind !== "file") {
    return [...kind, ...differing("data.", fieldsOf(registries.data, data.kind), { ...data })];
  }
  return [...kind, ...filePairs(data), ...differing("data.", dataFields, { ...data })];
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

type RegistryName = keyof typeof registries;

/** The key of a registry's kind in links, and the start of its fields' keys: `optimizer`, `optimizer.schedule`. */
const keyOf = (name: RegistryName): string => placeOfRegistry[name].join(".");

function choicePairs(name: RegistryName, member: Member, defaultKind: string = registries[name].defaultKind): Pair[] {
  const { kind } = member;
  const own: Pair[] = kind === defaultKind ? [] : [[keyOf(name), kind]];
  return [...own, ...differing(`${keyOf(name)}.`, fieldsOf(registries[name], kind), member)];
}

/** The hash of a configuration, without the `#`. `decodeConfig` gives the same configuration back. */
export function encodeConfig({ data, model, loss, optimizer, compute, stopping }: RunConfig): string {
  const layers = layersText(model.layers);
  const pairs: Pair[] = [
    ["v", "1"],
    ...dataPairs(data),
    ...(layers === layersText(defaultConfig.model.layers) ? [] : [["model.layers", layers] as const]),
    ...choicePairs("initializer", { ...model.initializer }),
    ...differing("model.", modelFields, { ...model }),
    ...choicePairs("loss", { ...loss }, usualLoss(data.kind)),
    ...choicePairs("optimizer", { ...optimizer }),
    ...choicePairs("schedule", { ...optimizer.schedule }),
    ...choicePairs("clipping", { ...optimizer.clipping }),
    ...differing("", computeFields, { ...compute }),
    ...differing(STOPPING, stoppingFields, { ...stopping }),
  ];
  return pairs.map(([key, value]) => `${percentEncoded(key)}=${percentEncoded(value)}`).join("&");
}

/** Percent-encodes what a hash cannot hold or what separates pairs; a lone surrogate becomes U+FFFD. */
const percentEncoded = (text: string): string =>
  encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, "\uFFFD")).replaceAll("%2C", ",");

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

/** A number, where the text is one. */
const numberOr = (text: string): unknown => (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : text);

/** Text as the field's description wants it; text that is no such value stays text, and the check names it. */
function typed(fields: Hyperparameters, name: string, text: string): unknown {
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (field?.kind === "number") return numberOr(text);
  if (field?.kind === "numbers") return text === "" ? [] : text.split(",").map(numberOr);
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

/** The registries, those inside of others first, so that `optimizer.schedule` is not taken for a field of `optimizer`. */
const choices = (Object.keys(registries) as RegistryName[]).toSorted((a, b) => keyOf(b).length - keyOf(a).length);

/** The kind whose fields a link means: what it names, or the default where it names none that there is. */
function kindFor(name: RegistryName, pairs: ReadonlyMap<string, string>): string {
  const given = pairs.get(keyOf(name));
  const { registry, defaultKind } = registries[name];
  const known = given !== undefined && (Object.hasOwn(registry, given) || (name === "data" && given === "file"));
  if (known) return given;
  return name === "loss" ? usualLoss(kindFor("data", pairs)) : defaultKind;
}

/** Where a pair belongs; `undefined` for a key that no configuration has. */
function placeOf(key: string, text: string, pairs: ReadonlyMap<string, string>): Place | undefined {
  if (key.startsWith(TYPES)) return { path: ["data", "types", key.slice(TYPES.length)], value: text };
  // A kind stands without its field's name: data=moons.
  if (key.endsWith(".kind")) return undefined;
  if (key === "model") return { path: ["model", "kind"], value: text };
  if (key === "model.layers") return { path: ["model", "layers"], value: readLayers(text) };
  for (const name of choices) {
    const [own, path] = [keyOf(name), placeOfRegistry[name]];
    if (key === own) return { path: [...path, "kind"], value: text };
    if (!key.startsWith(`${own}.`)) continue;
    const field = key.slice(own.length + 1);
    const fields = fieldsOf(registries[name], kindFor(name, pairs));
    return { path: [...path, field], value: typed(fields, field, text) };
  }
  for (const [start, part, fields] of plainParts) {
    if (!key.startsWith(start)) continue;
    const field = key.slice(start.length);
    return { path: [part, field], value: typed(fields, field, text) };
  }
  return Object.hasOwn(computeFields, key)
    ? { path: ["compute", key], value: typed(computeFields, key, text) }
    : undefined;
}

/** Parts without a kind: the start of their keys in links, their name, their fields. */
const plainParts = [
  ["model.", "model", modelFields],
  [STOPPING, "stopping", stoppingFields],
] as const;

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

/** The start of keys that say how a link is meant, not what the run is. */
const SHARE = "share.";

/** A hash in two: what `decodeConfig` reads, and the pairs of `share.…`, both without an `&` around them. */
export function splitHash(hash: string): { readonly config: string; readonly share: string } {
  const pairs = hash.split("&");
  const isShare = (pair: string) => pair.startsWith(SHARE);
  return { config: pairs.filter((pair) => !isShare(pair)).join("&"), share: pairs.filter(isShare).join("&") };
}

/**
 * The configuration that a hash (without the `#`) asks for. What it says of sharing is left to others. Never throws,
 * whatever the text: a field that is unknown, out of range or unreadable keeps its default, and `problems` names it.
 */
export function decodeConfig(hash: string): { readonly config: RunConfig; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const pairs = readPairs(splitHash(hash).config, problems);
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
