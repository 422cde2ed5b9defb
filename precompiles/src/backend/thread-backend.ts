/** A batch back end in a thread of its own (batch-worker.ts). A model goes there once, and its bytes are shared. */
import type { Worker } from "node:worker_threads";
import { type Bytes, toHex } from "@noema/core/bytes";
import { precompileError } from "../errors.ts";
import { type SharedModel, shareOf } from "../model/load.ts";
import { checkInput } from "../model/run-model.ts";
import type { BatchBackend } from "./batch-backend.ts";

export type BatchCall = {
  call: number;
  /** Hex of the model's id. */
  model: string;
  /** With the model's first call. */
  shared?: SharedModel;
  inputs: readonly Bytes[];
};
export type BatchAnswer = { call: number; outputs: Bytes[] };

type Waiting = { resolve(outputs: Bytes[]): void; reject(error: unknown): void };

/** `worker` is the caller's, who ends it. */
export function createThreadBackend(worker: Worker): BatchBackend {
  const waiting = new Map<number, Waiting>();
  const known = new Set<string>();
  let calls = 0;
  let lost: Error | undefined;
  const lose = (why: unknown) => {
    lost ??= precompileError("BACKEND_LOST", `the thread of the batch back end ended: ${why}`, {});
    for (const { reject } of waiting.values()) reject(lost);
    waiting.clear();
  };
  worker.on("error", lose).on("exit", lose);
  worker.on("message", ({ call, outputs }: BatchAnswer) => {
    waiting.get(call)?.resolve(outputs);
    waiting.delete(call);
  });
  return {
    async submit(model, inputs) {
      for (const input of inputs) checkInput(model, input);
      if (lost !== undefined) throw lost;
      const [call, id] = [calls++, toHex(model.id)];
      const shared = known.has(id) ? undefined : shareOf(model);
      known.add(id);
      worker.postMessage({ call, model: id, shared, inputs } satisfies BatchCall);
      return new Promise((resolve, reject) => waiting.set(call, { resolve, reject }));
    },
  };
}
