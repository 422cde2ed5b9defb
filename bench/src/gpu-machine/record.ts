/** What a run on a machine with a GPU found: bench/records/gpu-machine-<commit>.json. */
import type { Machine } from "../machine.ts";

/** Of one model or kind of model; `inputs` of those `due` that went through all, `judged` of them through the judge as well. */
export type EqualityRow = { model: string; models: number; due: number; inputs: number; judged: number; different: number };

/** Inputs a second, the best of several runs. */
export type SpeedRow = { model: string; macs: number; wasm: number; gpu: { batch: number; perSecond: number; timesWasm: number }[] };

export type TransferRow = {
  validators: number;
  perSecond: number;
  coreMicros: number | undefined;
  generatorCoreMicros: number;
  /** Of one core, in the fastest run: near 1, the load generator is what holds the rate. */
  generatorShare: number;
  recoveryMicros: number;
  threads: { process: string; name: string; coreMicros: number }[];
  bound: string | undefined;
};

/** Transactions that read a digit each, on four validators: `ahead` of the results that a validator's blocks took were there, the others they computed. */
export type InferenceRow = { backend: string; perSecond: number; coreMicros: number | undefined; ahead: number; inline: number };

export type GpuMachineRecord = {
  format: "noema-gpu-machine/1";
  command: "gpu-machine";
  machine: Machine;
  at: string;
  seed: number;
  seconds: number;
  gpu: { name: string; driver: string | undefined; kernelsCompiledMs: number } | { missing: string };
  equality: EqualityRow[];
  /** The first of what differed, enough to make it again. */
  differences: string[];
  speed: SpeedRow[];
  transfers: TransferRow[];
  inference: InferenceRow[];
  /** Parts that broke off, and why. */
  failed: string[];
};
