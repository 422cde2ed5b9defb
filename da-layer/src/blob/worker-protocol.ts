/** Messages between the row worker's thread and its client. Bytes are copied once into buffers of their own and then transferred. */
import { isNoemaError, type NoemaError, remadeError } from "@noema/core/errors";
import type { RowWorker } from "./row-worker.ts";

export type WorkerMethod = Exclude<keyof RowWorker, "close">;
export type WorkerCall = { call: number; method: WorkerMethod; args: unknown[] };
export type WorkerError = { code?: string; message: string; data?: Record<string, unknown> };
export type WorkerAnswer = { call: number; result?: unknown; error?: WorkerError };
export type WorkerData = { kzg: "eth-kzg" | "c-kzg" };

/** A copy whose byte arrays own their buffers (a view would clone all of its buffer), and those buffers. */
export function toTransfer<T>(value: T): { value: T; buffers: ArrayBuffer[] } {
  const buffers: ArrayBuffer[] = [];
  const copy = (v: unknown): unknown => {
    if (v instanceof Uint8Array) {
      const own = new Uint8Array(v);
      buffers.push(own.buffer);
      return own;
    }
    if (Array.isArray(v)) return v.map(copy);
    if (typeof v === "object" && v !== null) return Object.fromEntries(Object.entries(v).map(([k, x]) => [k, copy(x)]));
    return v;
  };
  return { value: copy(value) as T, buffers };
}

export function toWorkerError(error: unknown): WorkerError {
  if (isNoemaError(error)) return { code: error.code, message: error.message, data: error.data };
  return { message: error instanceof Error ? error.message : String(error) };
}

export function fromWorkerError(error: WorkerError): NoemaError {
  return remadeError(error.code ?? "DA_WORKER_FAILED", error.message, error.data);
}
