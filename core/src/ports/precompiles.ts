import type { Bytes, Hash, Height } from "./bytes.ts";

/** State as it is at this point of the transaction. */
export interface StateReader {
  slot(address: Bytes, key: Hash): bigint;
  code(address: Bytes): Bytes;
}

export type PrecompileOutcome = { ok: true; output: Bytes; gasUsed: number } | { ok: false };

/** execution -> precompiles: synchronous, pure, same thread. */
export interface PrecompileSet {
  /** 20 bytes each; always warm, code size 0. */
  readonly addresses: readonly Bytes[];
  /** Throws NEED_MODEL while the weights of an active model are missing. */
  beginBlock(height: Height): void;
  /** Per-transaction counters and warm sets are not journalled: reverted calls count. */
  beginTx(): void;
  /** `ok: false` consumes the forwarded gas. */
  run(address: Bytes, input: Bytes, gas: number, state: StateReader): PrecompileOutcome;
}
