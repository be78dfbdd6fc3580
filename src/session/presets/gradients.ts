import {
  configured,
  gradNorms,
  lastAccuracy,
  lastLoss,
  layers,
  mostDead,
  type PresetGroup,
  reluLayers,
} from "./preset.ts";

const deep = [16, 16, 16, 16, 16, 16] as const;
const steep = { data: { kind: "sine" }, model: reluLayers(32, 32, 32, 32) };

export const gradients = {
  label: "Gradients",
  presets: {
    vanishing: {
      label: "Vanishing: deep sigmoids",
      purpose: "Each of six sigmoid layers passes on a quarter of the gradient at best, so the first ones get none.",
      try: "Compare the gradient norms of the first and the last layer.",
      config: configured({
        data: { kind: "moons" },
        model: layers("sigmoid", ...deep),
        optimizer: { kind: "sgd", learningRate: 0.5 },
      }),
      result: {
        text: "After 1,000 steps the loss is that of guessing, and the first layer gets under 1 % of the last one's gradient.",
        steps: 1000,
        check: (run) => lastLoss(run, "train") > 0.65 && (gradNorms(run)[0] ?? 1) < 0.01 * (gradNorms(run).at(-1) ?? 0),
      },
      next: ["vanishingCured"],
    },
    vanishingCured: {
      label: "Cure: ReLU and He",
      purpose: "The same depth with ReLU and initial weights made for it: the gradient arrives everywhere.",
      try: "Set the initial weights to Xavier and see how little is missing before it fails.",
      config: configured({
        data: { kind: "moons" },
        model: reluLayers(...deep),
        optimizer: { kind: "sgd", learningRate: 0.1 },
      }),
      result: {
        text: "After 1,000 steps 95 % of the validation points are right.",
        steps: 1000,
        check: (run) => lastAccuracy(run, "validation") >= 0.95,
      },
      next: ["vanishing"],
    },
    exploding: {
      label: "Exploding gradients",
      purpose:
        "Four layers multiply each other's gradients: one steep place throws the weights so far that all is lost.",
      try: "Set clipping to the global norm and start again.",
      config: configured({ ...steep, optimizer: { kind: "sgd", learningRate: 0.03 } }),
      result: {
        text: "Before step 50 a gradient is no longer a number.",
        steps: 50,
        check: (run) => run.nonFinite !== undefined,
      },
      next: ["explodingClipped"],
    },
    explodingClipped: {
      label: "Cure: clip the norm",
      purpose: "The same run with gradients no longer than five: the direction stays, and no step is too far.",
      try: "Raise the largest norm until the run breaks again.",
      config: configured({
        ...steep,
        optimizer: { kind: "sgd", learningRate: 0.03, clipping: { kind: "norm", maxNorm: 1 } },
      }),
      result: {
        text: "After 1,000 steps the training loss is below 0.3, and no number was lost.",
        steps: 1000,
        check: (run) => run.nonFinite === undefined && lastLoss(run, "train") < 0.3,
      },
      next: ["exploding"],
    },
    deadRelu: {
      label: "Dead ReLUs",
      purpose: "One step that is far too long pushes units to where they answer zero to every point, for ever.",
      try: "Lower the learning rate now: the dead do not wake up.",
      config: configured({
        data: { kind: "moons" },
        model: reluLayers(16, 16),
        optimizer: { kind: "sgd", learningRate: 3 },
      }),
      result: {
        text: "After 300 steps every unit of one layer is dead, and the loss is that of guessing.",
        steps: 300,
        check: (run) => mostDead(run) > 0.9 && lastLoss(run, "train") > 0.6,
      },
      next: ["deadReluCured"],
    },
    deadReluCured: {
      label: "Cure: leaky ReLU",
      purpose: "A small slope below zero lets every unit come back, at a learning rate that does not throw it out.",
      try: "Raise the learning rate step by step and watch the share of dead units stay at zero.",
      config: configured({
        data: { kind: "moons" },
        model: { ...layers("leakyRelu", 16, 16), initializer: { kind: "heUniform" } },
        optimizer: { kind: "sgd", learningRate: 0.3 },
      }),
      result: {
        text: "After 600 steps no unit is dead and 95 % of the validation points are right.",
        steps: 600,
        check: (run) => mostDead(run) === 0 && lastAccuracy(run, "validation") >= 0.95,
      },
      next: ["deadRelu"],
    },
  },
} as const satisfies PresetGroup;
