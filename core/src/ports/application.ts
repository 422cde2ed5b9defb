import type { BlockNumber, Bytes, Hash, Height } from "./bytes.ts";
import type { AvailabilityCert } from "./data.ts";
import type { ValidatorSet } from "./signing.ts";

export type BlockRef = { hash: Hash; height: Height; epoch: number; view: number; timestampMs: number };
/** What executing the consensus block of `height` gave; an absent hash is 32 zero bytes. */
export type ExecResult = {
  height: Height;
  /** Of the newest EVM block after it. */
  evmBlockHash: Hash;
  stateRoot: Hash;
  receiptsRoot: Hash;
  gasUsed: bigint;
  skippedRoot: Hash;
  /** Of the newest EVM block after it. */
  number: BlockNumber;
  /** Of what entered the block beside transactions, and how each ended. */
  systemRoot: Hash;
};
export type FinalBlock = BlockRef & {
  parentHash: Hash;
  proposer: number;
  feeAddress: Bytes;
  /** 32 bytes of the randomness beacon at this block. */
  prevRandao: Hash;
  certs: readonly AvailabilityCert[];
};

/** consensus -> application (node composes execution and da-layer). */
export interface Application {
  /** Candidate certificates and the newest own result at or below `maxExecHeight`. Consensus orders and filters the certificates. */
  draft(parent: BlockRef, maxExecHeight: Height): Promise<{ certs: AvailabilityCert[]; seals: AvailabilityCert[]; exec: ExecResult }>;
  /** The own result, when executed. Genesis (height 0) always has one. */
  result(height: Height): ExecResult | undefined;
  /**
   * Executes at once; resolves when durable; idempotent; called in order of height. What it makes is written, shown and answered only
   * once `stored` has resolved: the block is in the chain store. Where that rejects, nothing of it is.
   */
  finalized(block: FinalBlock, stored: Promise<void>): Promise<ExecResult>;
  /** Fixed one epoch ahead. */
  validatorSet(epoch: number): ValidatorSet | undefined;
  /** Last durable height after a restart. */
  recovered(): Height;
  /** A certificate that can be included appeared. */
  onPayload(f: () => void): void;
}
