export const benchDevices = ["cpu", "webgpu"] as const;
export type BenchDevice = (typeof benchDevices)[number];

/** Devices by their names on screen. */
export const deviceTitles: Readonly<Record<BenchDevice, string>> = { cpu: "CPU", webgpu: "WebGPU" };

/** How the factors of a product are stored: `NT` has the right one transposed, `TN` the left one. Training has these. */
export const layouts = ["NN", "NT", "TN"] as const;
export type ProductLayout = (typeof layouts)[number];
