import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { train } from "../../src/headless/train.ts";
import { readSafetensors, writeSafetensors } from "../../src/session/safetensors.ts";

const script = fileURLToPath(new URL("../../scripts/train.mjs", import.meta.url));

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "headless-"));
});
afterEach(() => rm(folder, { recursive: true }));

const put = (name: string, content: string | Uint8Array) => writeFile(join(folder, name), content);

/** Runs the command in this process. */
async function run(args: readonly string[], stopped = () => false) {
  let [out, error] = ["", ""];
  const terminal = {
    folder,
    out: (text: string) => {
      out += text;
    },
    error: (text: string) => {
      error += text;
    },
    stopped,
  };
  return { code: await train(args, terminal), out, error };
}

const small = {
  data: { kind: "moons", size: 40 },
  model: { layers: [{ width: 3, activation: "tanh" }] },
  optimizer: { kind: "sgd", learningRate: 0.1 },
  compute: { device: "cpu", batchSize: 10 },
};

async function logOf(name: string): Promise<Record<string, unknown>[]> {
  const text = await readFile(join(folder, name), "utf8");
  expect(text.endsWith("\n")).toBe(true);
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe("a run", () => {
  test("logs a line per step and saves its weights under PyTorch's names", async () => {
    await put("run.json", JSON.stringify(small));
    const { code, out } = await run(["run.json", "--steps", "7", "--log", "log.jsonl", "--save", "w.safetensors"]);
    expect(code).toBe(0);
    expect(out).toMatch(/^CPU .*: 7 steps, training loss \S+, validation loss \S+, validation accuracy .*\n$/);
    const log = await logOf("log.jsonl");
    // 28 of 40 examples in batches of 10: three steps per epoch.
    expect(log.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(log.map(({ epoch }) => epoch)).toEqual([0, 0, 0, 1, 1, 1, 2]);
    for (const line of log) {
      expect(Object.keys(line)).toEqual(["step", "epoch", "loss", "gradNorm", "learningRate"]);
      expect(line.learningRate).toBe(0.1);
      expect(Number(line.loss)).toBeGreaterThan(0);
    }
    const { tensors } = readSafetensors(await readFile(join(folder, "w.safetensors")));
    expect([...tensors].map(([name, { shape }]) => [name, shape])).toEqual([
      ["layers.0.weight", [3, 2]],
      ["layers.0.bias", [3]],
      ["layers.1.weight", [2, 3]],
      ["layers.1.bias", [2]],
    ]);
    expect((await readdir(folder)).sort()).toEqual(["log.jsonl", "run.json", "w.safetensors"]);
  });

  test("ends at the limits of its configuration, which --steps replaces", async () => {
    await put("run.json", JSON.stringify({ ...small, stopping: { steps: 5 } }));
    expect((await run(["run.json"])).out).toContain(": 5 steps, ");
    expect((await run(["run.json", "--steps", "6"])).out).toContain(": 6 steps, ");
    await put("epochs.json", JSON.stringify({ ...small, stopping: { epochs: 2 } }));
    const { code, out } = await run(["epochs.json"]);
    expect(code).toBe(0);
    expect(out).toMatch(/: 6 steps, .*\. Stopped after 2 epochs, as many as were set\.\n$/);
  });

  test("that stops early logs every step and saves the weights of its best epoch", async () => {
    const hasty = { ...small, optimizer: { kind: "sgd", learningRate: 3 } };
    await put("run.json", JSON.stringify({ ...hasty, stopping: { patience: 4 } }));
    const { code, out } = await run(["run.json", "--steps", "3000", "--log", "log.jsonl", "--save", "a.safetensors"]);
    expect(code).toBe(0);
    const [, last, best] = /Stopped after epoch (\d+): .*; weights of epoch (\d+) restored\.\n$/.exec(out) ?? [];
    expect((await logOf("log.jsonl")).length).toBe(3 * Number(last));
    await put("best.json", JSON.stringify(hasty));
    await run(["best.json", "--steps", String(3 * Number(best)), "--save", "b.safetensors"]);
    expect(await readFile(join(folder, "a.safetensors"))).toEqual(await readFile(join(folder, "b.safetensors")));
  });

  test("follows its schedule, step by step", async () => {
    const schedule = { kind: "linear", overSteps: 4, finalFraction: 0, warmupSteps: 2 };
    await put("run.json", JSON.stringify({ ...small, optimizer: { ...small.optimizer, schedule } }));
    await run(["run.json", "--steps", "7", "--log", "log.jsonl"]);
    const rates = (await logOf("log.jsonl")).map(({ learningRate }) => Number(learningRate));
    const expected = [0.05, 0.1, 0.1, 0.075, 0.05, 0.025, 0];
    for (const [index, rate] of rates.entries()) expect(rate).toBeCloseTo(expected[index] ?? Number.NaN, 12);
  });

  test("without a learning rate gives its initial weights back, bit by bit", async () => {
    await put("run.json", JSON.stringify({ ...small, optimizer: { kind: "sgd", learningRate: 0 } }));
    await run(["run.json", "--steps", "1", "--save", "a.safetensors"]);
    const { tensors } = readSafetensors(await readFile(join(folder, "a.safetensors")));
    const shifted = new Map(
      [...tensors].map(([name, { shape, values }]) => [name, { shape, values: values.map((x) => x + 1) }]),
    );
    await put("b.safetensors", writeSafetensors(shifted));
    await run(["run.json", "--steps", "3", "--init", "b.safetensors", "--save", "c.safetensors"]);
    expect(await readFile(join(folder, "c.safetensors"))).toEqual(await readFile(join(folder, "b.safetensors")));
  });

  test("reads a data file relative to its configuration", async () => {
    const rows = Array.from({ length: 20 }, (_, i) => `${i},${i % 2 === 0 ? "even" : "odd"}`);
    await put("table.csv", ["x,kind", ...rows].join("\n"));
    await put("run.json", JSON.stringify({ ...small, data: { kind: "file", path: "table.csv" } }));
    expect((await run(["run.json", "--steps", "2"])).code).toBe(0);
  });

  test("that blows up logs null where JSON has no number", async () => {
    const wild = { ...small, data: { kind: "sine", size: 40 }, optimizer: { kind: "sgd", learningRate: 100 } };
    await put("run.json", JSON.stringify({ ...wild, model: { layers: [{ width: 8, activation: "relu" }] } }));
    expect((await run(["run.json", "--steps", "200", "--log", "log.jsonl"])).code).toBe(0);
    expect((await logOf("log.jsonl")).at(-1)?.loss).toBeNull();
  });

  test("that the user stops writes what it has and says 130", async () => {
    await put("run.json", JSON.stringify(small));
    let asked = 0;
    const { code } = await run(["run.json", "--steps", "100000", "--log", "log.jsonl"], () => ++asked > 2);
    expect(code).toBe(130);
    expect((await logOf("log.jsonl")).length).toBeGreaterThan(0);
  });
});

describe("bad input is one line that names it, exit code 2, and nothing written", () => {
  const weights = (shape: readonly number[], name = "layers.0.weight") =>
    writeSafetensors(new Map([[name, { shape, values: new Float32Array(shape.reduce((a, b) => a * b, 1)) }]]));
  const files: Readonly<Record<string, string | Uint8Array>> = {
    "run.json": JSON.stringify(small),
    "broken.json": '{\n"data": }',
    "value.json": '{"optimizer":{"learningRate":-1}}',
    "key.json": '{"optimizer":{"learning_rate":1}}',
    "nofile.json": '{"data":{"kind":"file","path":"gone.csv"}}',
    "ragged.json": '{"data":{"kind":"file","path":"ragged.csv"}}',
    "target.json": '{"data":{"kind":"file","path":"good.csv","target":"z"},"compute":{"device":"cpu"}}',
    "loss.json": '{"data":{"kind":"file","path":"good.csv","target":"x"},"compute":{"device":"cpu"}}',
    "warmup.json": JSON.stringify({ ...small, optimizer: { kind: "sgd", schedule: { warmupSteps: 5000 } } }),
    "ragged.csv": "x,y\n1,a\n2\n",
    "good.csv": "x,y\n1.5,a\n2.5,b\n3.5,a\n4.5,b\n",
    "shape.safetensors": weights([3, 3]),
    "name.safetensors": weights([3, 2], "0.weight"),
    "broken.safetensors": "nonsense",
  };
  beforeEach(() => Promise.all(Object.entries(files).map(([name, content]) => put(name, content))));

  test.each<[string[], string | RegExp]>([
    [[], "configuration file: got none"],
    [["run.json", "key.json"], "configuration file: got"],
    [["gone.json"], "no such file"],
    [["."], "configuration: got"],
    [["broken.json"], "line 2, column 9"],
    [["value.json"], "optimizer.learningRate: got -1, expected a number from 0 to 100."],
    [["key.json"], "did you mean learningRate?"],
    [["nofile.json"], /^data\.path: got .*no such file/],
    [["ragged.json"], /^data\.path: .*line 3: got 1 cells, expected 2/],
    [["target.json"], /target: got "z", expected one of "x", "y"/],
    [["loss.json"], /^loss\.kind: got "cross-entropy"/],
    [["run.json", "--steps", "0"], '--steps: got "0", expected a positive integer.'],
    [["run.json", "--steps", "1.5"], '--steps: got "1.5", expected a positive integer.'],
    [["run.json", "--steps", "-3"], '--steps: got "-3", expected a positive integer.'],
    [["run.json", "--steps"], "--steps: got no value"],
    [["warmup.json", "--steps", "50"], "optimizer.schedule.warmupSteps: got 5000, expected 0 to 50, the steps of"],
    [["warmup.json"], "optimizer.schedule.warmupSteps: got 5000, expected 0 to 1000, the steps of the run."],
    [["run.json", "--device", "gpu"], '--device: got "gpu", expected one of auto, webgpu, cpu.'],
    [["run.json", "--stepz", "3"], "did you mean --steps?"],
    [["run.json", "--steps=3", "--steps=4"], "--steps: got it twice"],
    [["run.json", "--init", "gone.safetensors"], /^--init: .*no such file/],
    [["run.json", "--init", "broken.safetensors"], /^--init: header: /],
    [["run.json", "--init", "shape.safetensors"], "--init: tensor layers.0.weight: got shape (3, 3), expected (3, 2)"],
    [["run.json", "--init", "name.safetensors"], "--init: tensor layers.0.weight: got no such tensor"],
    [["run.json", "--save", "gone/w.safetensors"], /^--save: .*no such file/],
    [["run.json", "--log", "."], /^--log: .*a folder/],
    [["run.json", "--log", "run.json"], "--log: got the path of another file of this run"],
  ])("%j", async (args, message) => {
    const outputs = [
      ["--log", "new.jsonl"],
      ["--save", "new.safetensors"],
    ]
      .filter(([name = ""]) => !args.includes(name))
      .flat();
    const { code, out, error } = await run([...args, ...(args.at(-1) === "--steps" ? [] : outputs)]);
    expect(error).toMatch(message);
    expect([code, out, error.split("\n").length]).toEqual([2, "", 2]);
    expect((await readdir(folder)).sort()).toEqual(Object.keys(files).sort());
    expect(await readFile(join(folder, "run.json"), "utf8")).toBe(files["run.json"]);
  });
});

test("--help says how it is used", async () => {
  const { code, out } = await run(["--help"]);
  expect(code).toBe(0);
  for (const option of ["--device", "--steps", "--init", "--log", "--save"]) expect(out).toContain(option);
});

test("the script trains from another folder, twice at once, with its exit code", async () => {
  await put("run.json", JSON.stringify(small));
  const spawned = (args: readonly string[]) =>
    new Promise<number | null>((resolve) => {
      const child = spawn(process.execPath, [script, ...args], { cwd: folder, stdio: "ignore" });
      child.on("exit", resolve);
    });
  const runs = ["a", "b"].map((name) => spawned(["run.json", "--steps", "5", "--log", `${name}.jsonl`]));
  expect(await Promise.all([...runs, spawned(["gone.json"])])).toEqual([0, 0, 2]);
  expect(await readFile(join(folder, "a.jsonl"), "utf8")).toBe(await readFile(join(folder, "b.jsonl"), "utf8"));
});
