import { configured, lastAccuracy, type PresetGroup, reluLayers } from "./preset.ts";

export const devices = {
  label: "Devices",
  presets: {
    gpuAgainstCpu: {
      label: "GPU against CPU",
      purpose: "A network wide enough to give a graphics card something to do: the same run on either device.",
      try: "Change the device and compare the steps per second, then do the same with layers of 8 units.",
      config: configured({
        data: { kind: "moons", size: 4000 },
        model: reluLayers(256, 256),
        optimizer: { kind: "adamw", learningRate: 0.003 },
        compute: { batchSize: 512 },
      }),
      result: {
        text: "After 60 steps 85 % of the validation points are right, on whichever device.",
        steps: 60,
        check: (run) => lastAccuracy(run, "validation") >= 0.85,
      },
    },
  },
} as const satisfies PresetGroup;
