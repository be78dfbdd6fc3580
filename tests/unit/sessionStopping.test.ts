import { expect, test } from "vitest";
import { defaultConfig, type StoppingConfig } from "../../src/session/config.ts";
import type { Snapshot } from "../../src/session/run.ts";
import { createStopping, type Stopping } from "../../src/session/stopping.ts";
import { RunError } from "../../src/session/weights.ts";

/** A run without a device: its weights are the number of steps taken, its validation losses a list, one per epoch. */
function fakeRun(losses: readonly number[], stepsPerEpoch: number) {
  const run = {
    step: 0,
    weights: 0,
    batchSize: 10,
    evaluate: async () => ({
      loss: losses[Math.floor(run.step / stepsPerEpoch) - 1] ?? Number.NaN,
      accuracy: undefined,
    }),
    snapshot: async (): Promise<Snapshot> => ({
      ...{ step: run.step, precision: "f32" },
      tensors: new Map([["weights", [Float32Array.of(run.weights)]]]),
    }),
    restore: ({ step, tensors }: Snapshot) => {
      run.step = step;
      run.weights = tensors.get("weights")?.[0]?.[0] ?? Number.NaN;
    },
  };
  return run;
}

interface Given {
  readonly limits: Partial<StoppingConfig>;
  readonly losses?: readonly number[];
  /** Training examples; a batch has 10. */
  readonly examples?: number;
  readonly accumulation?: number;
  readonly warmupSteps?: number;
}

function given({ limits, losses = [], examples = 30, accumulation = 1, warmupSteps = 0 }: Given) {
  const run = fakeRun(losses, examples / 10 / accumulation);
  const stopping = createStopping({
    ...{ run, accumulation, warmupSteps, limits: { ...defaultConfig.stopping, ...limits } },
    counts: { train: examples, validation: 5 },
  });
  return { run, stopping };
}

/** Trains as a trainer does, `stride` steps at a time at most; the reason, or nothing after 1000 steps. */
async function train({ run, stopping }: ReturnType<typeof given>, stride = 4): Promise<string | undefined> {
  while (run.step < 1000) {
    if (stopping.room === 0) {
      const reason = await stopping.check();
      if (reason !== undefined) return reason;
    }
    run.step += Math.min(stride, stopping.room);
    run.weights = run.step;
    stopping.trained(1000);
  }
  return undefined;
}

test("a run without limits never stops", async () => expect(await train(given({ limits: {} }))).toBeUndefined());

test("a limit of steps is kept to the step, whatever the size of a submission", async () => {
  for (const stride of [1, 3, 512]) {
    const trained = given({ limits: { steps: 7 } });
    expect(await train(trained, stride)).toBe("Stopped after 7 steps, as many as were set.");
    expect(trained.run.step).toBe(7);
  }
});

test("a limit of epochs ends with the last batch of the last one", async () => {
  const trained = given({ limits: { epochs: 2 }, examples: 25 });
  expect(await train(trained)).toBe("Stopped after 2 epochs, as many as were set.");
  expect(trained.run.step).toBe(6);
});

test("with accumulation an epoch has fewer steps", async () => {
  const trained = given({ limits: { epochs: 3 }, examples: 40, accumulation: 2 });
  await train(trained);
  expect(trained.run.step).toBe(6);
});

test("a limit of seconds counts training alone", async () => {
  const trained = given({ limits: { seconds: 3 } });
  expect(await train(trained, 1)).toBe("Stopped after 3 s of training, as many as were set.");
  expect(trained.run.step).toBe(3);
});

test("of several limits the first one reached counts", async () => {
  expect(await train(given({ limits: { steps: 100, epochs: 1 } }))).toContain("1 epoch,");
  expect(await train(given({ limits: { steps: 2, epochs: 1 } }))).toContain("2 steps,");
});

test("without a better validation loss for as many epochs as there is patience, the best weights come back", async () => {
  const trained = given({ limits: { patience: 3 }, losses: [5, 4, 3, 3, 3.5, 9, 0] });
  expect(await train(trained)).toBe(
    "Stopped after epoch 6: no better validation loss for 3 epochs; weights of epoch 3 restored.",
  );
  // Three steps per epoch; the count of steps goes on.
  expect(trained.run).toMatchObject({ weights: 9, step: 18 });
});

test("a loss that is better by no more than minDelta is not better", async () => {
  const losses = [5, 4.9, 4.8, 4.7, 4.6];
  expect(await train(given({ limits: { patience: 2, minDelta: 0.3 }, losses }))).toContain("weights of epoch 1");
  expect(await train(given({ limits: { patience: 2, minDelta: 0.05, epochs: 5 }, losses }))).toContain("5 epochs,");
});

test("a loss that is never a number ends the run and leaves its weights", async () => {
  const trained = given({ limits: { patience: 2 } });
  expect(await train(trained)).toBe(
    "Stopped after epoch 2: no better validation loss for 2 epochs, as it was never a number.",
  );
  expect(trained.run.weights).toBe(6);
});

test("a run that is over stays over until its limit is raised or it starts anew", async () => {
  const trained = given({ limits: { patience: 1 }, losses: [1, 2, 0.5, 3] });
  const { stopping } = trained;
  const over = await train(trained);
  expect(await train(trained)).toBe(over);
  stopping.limit({ ...defaultConfig.stopping, patience: 2 });
  expect(await train(trained)).toContain("weights of epoch 3 restored");
  stopping.reset();
  trained.run.step = 0;
  expect(await train(trained)).toContain("after epoch 5");
});

test("what is remembered goes on with another run, as after a lost device", async () => {
  const first = given({ limits: { patience: 2 }, losses: [1, 2, 3] });
  first.run.step = 3;
  await first.stopping.check();
  const run = fakeRun([9, 2, 3], 3);
  const stopping: Stopping = createStopping({
    ...{ run, accumulation: 1, limits: { ...defaultConfig.stopping, patience: 2 }, memory: first.stopping.memory },
    counts: { train: 30, validation: 5 },
  });
  expect(await train({ run, stopping })).toContain("after epoch 3");
  expect(run.weights).toBe(first.run.weights);
});

test("patience without a validation split is refused by name", () => {
  const limits = { ...defaultConfig.stopping, patience: 5 };
  const counts = { train: 30, validation: 0 };
  const create = () => createStopping({ run: fakeRun([], 3), limits, counts, accumulation: 1 });
  expect(create).toThrow(RunError);
  expect(create).toThrow("stopping.patience: got 5, expected 0, as the validation split is empty.");
});

test.each<[Partial<StoppingConfig>, number]>([
  [{ steps: 50 }, 50],
  [{ epochs: 2 }, 6],
  [{ steps: 5, epochs: 2 }, 5],
  [{ steps: 50, epochs: 2 }, 6],
])("a warm-up longer than the run of %j is refused by name with the most that it can be", (limited, most) => {
  const { stopping } = given({ limits: {} });
  const limits = { ...defaultConfig.stopping, ...limited };
  const problem = `optimizer.schedule.warmupSteps: got ${most + 1}, expected 0 to ${most}, the steps of the run.`;
  expect(() => stopping.limit(limits, most + 1)).toThrow(problem);
  expect(stopping.room).toBe(Number.POSITIVE_INFINITY);
  expect(() => given({ limits: limited, warmupSteps: most + 1 })).toThrow(problem);
  stopping.limit(limits, most);
  expect(stopping.room).toBe(most);
});

test("a run that ends by time or patience alone, or not at all, may warm up as long as it likes", () => {
  for (const limits of [{}, { seconds: 5 }, { patience: 5 }]) {
    expect(() => given({ limits, warmupSteps: 1e6 })).not.toThrow();
  }
});
