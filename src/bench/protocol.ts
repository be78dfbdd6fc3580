import type { MatmulResult, MlpResult } from "./options.ts";
import type { DeviceFacts, Environment, Measurement } from "./report.ts";
import type { SuiteName } from "./suites.ts";

/** What the page asks of its worker. Requests are served one after the other. */
export type BenchRequest =
  | { readonly type: "benchmark"; readonly id: number; readonly options: unknown }
  | { readonly type: "suite"; readonly id: number; readonly suite: SuiteName };

/** What the worker tells, each about the request of that number. */
export type BenchEvent = { readonly id: number } & (
  | { readonly type: "result"; readonly result: MlpResult | MatmulResult }
  | { readonly type: "failed"; readonly message: string }
  | { readonly type: "environment"; readonly environment: Environment }
  | { readonly type: "device"; readonly facts: DeviceFacts }
  | { readonly type: "measured"; readonly measurement: Measurement }
  | { readonly type: "progress"; readonly done: number; readonly all: number; readonly now: string }
  | { readonly type: "done" }
);
