import { consensusError } from "./errors.ts";

function failed(error: unknown): never {
  throw consensusError("CONSENSUS_STORAGE_FAILED", error instanceof Error ? error.message : String(error), {}, error);
}

/** Runs a call of the log or the store: what it throws, and nothing else, is CONSENSUS_STORAGE_FAILED, with the store's own error as cause. */
export function onDisk<T>(call: () => T): T {
  try {
    const result = call();
    return result instanceof Promise ? (result.catch(failed) as T) : result;
  } catch (error) {
    return failed(error);
  }
}
