import { adapterName, requestAdapter } from "../devices/webgpu/device.ts";
import type { Environment } from "./report.ts";

/** Features that matter to the kernels. */
const interesting = ["shader-f16", "subgroups", "timestamp-query"] as const;

/** Brand and version out of the user agent's text; the text itself where it has none that is known. */
export function browserName(userAgent: string): string {
  const brands = [
    ["Edg", "Edge"],
    ["OPR", "Opera"],
    ["Firefox", "Firefox"],
    ["(?:Headless)?Chrome", "Chromium"],
    ["Version", "Safari"],
    ["Node\\.js", "Node"],
  ] as const;
  for (const [token, name] of brands) {
    const version = new RegExp(`\\b${token}/(\\d+)`).exec(userAgent)?.[1];
    if (version !== undefined) return `${name} ${version}`;
  }
  return userAgent;
}

/** What can be told of this machine. */
export async function describeEnvironment(gpu: GPU | undefined): Promise<Environment> {
  const adapter = await requestAdapter(gpu).catch(() => undefined);
  const { userAgent = "", hardwareConcurrency } = globalThis.navigator ?? {};
  return {
    browser: browserName(userAgent),
    isolated: globalThis.crossOriginIsolated ?? false,
    ...(hardwareConcurrency === undefined ? {} : { cores: hardwareConcurrency }),
    ...(adapter === undefined
      ? {}
      : {
          adapter: adapterName(adapter.info),
          features: interesting.filter((feature) => adapter.features.has(feature)),
          bufferLimit: adapter.limits.maxBufferSize,
        }),
  };
}
