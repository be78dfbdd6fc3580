import type { Move } from "../engine/graph/program.ts";
import type { Spread } from "./clock.ts";
import type { BenchDevice, ProductLayout } from "./kinds.ts";
import type { SuiteName } from "./suites.ts";

/** What is measured of a training step: a 784-width-width-10 network at a batch size. */
export interface StepSetting {
  readonly width: number;
  readonly batch: number;
}

/** Time of one training step, in milliseconds. */
export interface StepTime extends StepSetting {
  readonly kind: "step";
  readonly device: BenchDevice;
  readonly ms: Spread;
}

/** Speed of one matrix product, in GFLOP/s. */
export interface ProductRate {
  readonly kind: "product";
  readonly device: BenchDevice;
  readonly layout: ProductLayout;
  readonly size: number;
  readonly gflops: Spread;
}

/** What a device can do at most, by kernels that do nothing else: GFLOP/s of multiply-adds, GB/s of copying. */
export interface DeviceLimits {
  readonly kind: "limits";
  readonly device: BenchDevice;
  readonly gflops: Spread;
  readonly gigabytes: Spread;
}

/** One kernel call of a step, in milliseconds, and the work that its sizes ask for. */
export interface KernelTime {
  readonly kernel: string;
  readonly move: Move;
  readonly ms: number;
  /** Operations of the matrix product; left out for a kernel that is none. */
  readonly flop?: number;
  /** Bytes of its operands and results, each counted once per direction. */
  readonly bytes: number;
}

/** Where the time of one step goes. */
export interface StepSplit extends StepSetting {
  readonly kind: "split";
  readonly device: BenchDevice;
  readonly stepMs: number;
  readonly kernels: readonly KernelTime[];
  /** Whether the device's own clock timed the kernels in training, or each was repeated alone. */
  readonly clock: "device" | "alone";
}

/** What every run costs once, and every submission, in milliseconds. */
export interface FixedCosts {
  readonly kind: "fixed";
  readonly device: BenchDevice;
  /** From opening the device to the first loss. */
  readonly firstStepMs: number;
  /** One smallest kernel, and waiting for it. */
  readonly submitMs: Spread;
  /** Reading four bytes. */
  readonly readMs: Spread;
}

/** Losses after given steps of the same training: devices that compute the same have the same. */
export interface LossCheck extends StepSetting {
  readonly kind: "losses";
  readonly device: BenchDevice;
  readonly steps: readonly number[];
  readonly losses: readonly number[];
}

/** A device that is not there, or a measurement that would take too long. */
export interface Missing {
  readonly kind: "missing";
  readonly device: BenchDevice;
  /** What was to be measured; the whole device if left out. */
  readonly what?: string;
  readonly reason: string;
}

export type Measurement = StepTime | ProductRate | DeviceLimits | StepSplit | FixedCosts | LossCheck | Missing;

/** A device as it is here. */
export interface DeviceFacts {
  readonly kind: BenchDevice;
  readonly label: string;
  /** A GPU that is simulated on the CPU. */
  readonly software: boolean;
  readonly threads?: number;
}

/** The machine, as far as a page is told; a reading that is not given is left out. */
export interface Environment {
  readonly adapter?: string;
  readonly features?: readonly string[];
  readonly bufferLimit?: number;
  readonly cores?: number;
  readonly browser: string;
  readonly isolated: boolean;
}

/** Everything that a suite measured, as it is saved. */
export interface Report {
  readonly version: 1;
  readonly suite: SuiteName;
  readonly environment: Environment;
  readonly devices: readonly DeviceFacts[];
  readonly measurements: readonly Measurement[];
}
