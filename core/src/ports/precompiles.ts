import type { Bytes, Hash, Height } from "./bytes.ts";

export interface StateReader {
  slot(address: Bytes, key: Hash): bigint;
  code(address: Bytes): Bytes;
}

/** The chain as a block or a call finds it. */
export interface BlockView {
  height: Height;
  state: StateReader;
}

/** What one transaction has used so far. Not journalled: a reverted call did the work all the same, so it counts. */
export interface TxCounters {
  /** Compute units. */
  units: number;
  /** Models that were used, by hex of their id: their weights are paid for. */
  readonly warm: Set<string>;
}

/** `ok: false` reverts with its output, as code of the EVM would. More than the gas that was given is out of gas, either way. */
export type PrecompileOutcome = { ok: boolean; output: Bytes; gasUsed: number };

export interface Precompile {
  /** 20 bytes; always warm, code size 0. */
  readonly address: Bytes;
  /** Synchronous; a function of its arguments and of the block that has begun. */
  run(input: Bytes, gas: number, counters: TxCounters): PrecompileOutcome;
}

/** An operator of a model, as it ran: `hash` is SHA-256 of the values it gave, int8 one byte each, int32 big endian. */
export type LayerRun = { operator: string; dtype: string; shape: readonly number[]; macs: number; micros: number; hash: Hash };

/** `engine`: what ran it; whatever it is, hashes are equal. */
export type InferenceRun = { model: Hash; engine: string; layers: readonly LayerRun[] };

/** execution -> precompiles, on the same thread: each thread that runs transactions has a set of its own. */
export interface PrecompileSet {
  readonly precompiles: readonly Precompile[];
  /** Throws NEED_MODEL while the weights of a model that is active in this view are missing. */
  beginBlock(view: BlockView): void;
  /** For a transaction or a call; the set itself holds nothing of one. */
  beginTx(): TxCounters;
  /** The inference of a call that succeeded, once more, layer by layer: for who looks on. undefined: that address runs no model. */
  inspect?(address: Bytes, input: Bytes): InferenceRun | undefined;
}
