import type { DeviceChoice } from "../session/config.ts";
import { shown, suggestion } from "../session/wording.ts";

/** Input that the user must correct: a file, a value, a device. Ends the run with exit code 2 and one line. */
export class InputError extends Error {
  override readonly name = "InputError";
}

/** What the command line asks for. Paths are as given. */
export interface TrainOptions {
  readonly config: string;
  readonly device?: DeviceChoice;
  /** Replaces the limit of steps of the configuration. */
  readonly steps?: number;
  readonly init?: string;
  readonly log?: string;
  readonly save?: string;
}

/** Steps of a run that sets no limit of its own. */
export const DEFAULT_STEPS = 1000;
const deviceChoices: readonly DeviceChoice[] = ["auto", "webgpu", "cpu"];

export const usage = `Trains a network without a page.

npm run --silent train -- RUN.json [options]

  RUN.json                 the run's configuration; docs/run-config.md has every field
  --device auto|cpu|webgpu where to train, instead of the configuration's choice
  --steps N                optimizer steps, a positive integer, instead of the configuration's stopping.steps;
                           ${DEFAULT_STEPS} where neither says when the run ends
  --init W.safetensors     initial weights, named and laid out as PyTorch's state_dict
  --log METRICS.jsonl      a line per optimizer step: step, epoch, loss, gradNorm, learningRate
  --save W.safetensors     the trained weights
  --help                   this text

Bad input: one line on stderr, exit code 2, nothing written. Ctrl-C: stops after the steps
in progress, writes what there is, exit code 130.
`;

const names = ["device", "steps", "init", "log", "save"] as const;
type Name = (typeof names)[number];

const isName = (text: string): text is Name => names.some((name) => name === text);

/** The options as text, each at most once, and what stands between them. */
function split(args: readonly string[]): {
  readonly given: ReadonlyMap<Name, string>;
  readonly rest: readonly string[];
} {
  const given = new Map<Name, string>();
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? "";
    if (!arg.startsWith("-")) {
      rest.push(arg);
      continue;
    }
    const [name = "", inline] = /^--([^=]*)=(.*)$/s.exec(arg)?.slice(1) ?? [arg.replace(/^--/, "")];
    if (!isName(name)) {
      const known = names.map((known) => `--${known}`);
      throw new InputError(
        `${shown(arg)}: got an unknown option, expected one of ${known.join(", ")}${suggestion(arg, known)}`,
      );
    }
    if (given.has(name)) throw new InputError(`--${name}: got it twice, expected it once.`);
    const value = inline ?? args[++i];
    if (value === undefined || value === "" || (inline === undefined && value.startsWith("--"))) {
      throw new InputError(`--${name}: got no value, expected one. See --help.`);
    }
    given.set(name, value);
  }
  return { given, rest };
}

function stepsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const steps = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(steps) || steps < 1) {
    throw new InputError(`--steps: got ${shown(text)}, expected a positive integer.`);
  }
  return steps;
}

function deviceOf(text: string | undefined): DeviceChoice | undefined {
  const device = deviceChoices.find((choice) => choice === text);
  if (text !== undefined && device === undefined) {
    throw new InputError(`--device: got ${shown(text)}, expected one of ${deviceChoices.join(", ")}.`);
  }
  return device;
}

/**
 * Reads the command line of the headless trainer; "help" when it asks for help.
 *
 * @throws InputError that names the option.
 */
export function readOptions(args: readonly string[]): TrainOptions | "help" {
  if (args.includes("--help") || args.includes("-h")) return "help";
  const { given, rest } = split(args);
  const [config] = rest;
  if (config === undefined || rest.length > 1) {
    const got = config === undefined ? "none" : rest.map(shown).join(", ");
    throw new InputError(`configuration file: got ${got}, expected one path. See --help.`);
  }
  const device = deviceOf(given.get("device"));
  const steps = stepsOf(given.get("steps"));
  const files = (["init", "log", "save"] as const).flatMap((name) => {
    const path = given.get(name);
    return path === undefined ? [] : [[name, path] as const];
  });
  return {
    config,
    ...(steps === undefined ? {} : { steps }),
    ...(device === undefined ? {} : { device }),
    ...Object.fromEntries(files),
  };
}
