/** What a process with a GPU and the one that started it say to each other, by structured clone. */
import type { Bytes, Hash } from "@noema/core/bytes";

/** With its file where the process may not have the model. */
export type GpuCall = { call: number; id: Hash; file?: Bytes; inputs: readonly Bytes[] };

export type GpuSaid =
  | { ready: { name: string } }
  | { unavailable: string }
  | { call: number; outputs: Bytes[] }
  /** `unknown`: to be asked again with the file; `unfit`: the model is too large for the GPU, which is no fault; else what failed. */
  | { call: number; failed: "unknown" | "unfit" | { message: string } };
