/** The environment of the block after `parent` (execution.md 2): of the one that is executed, and of questions about the next one. */
import { blockNumber } from "@noema/core/block-number";
import { keccak256 } from "@noema/core/hash";
import type { Height } from "@noema/core/ports/bytes";
import type { BlockInput, Fees, NextBlock } from "../api.ts";
import type { StoredBlock } from "../blocks/store.ts";
import type { BlockEnv } from "../engine/engine.ts";
import { baseFeeAfter, blobBaseFee, excessBlobGasAfter } from "../rules/fees.ts";
import { forkOf } from "../rules/forks.ts";
import { type Reading, running } from "./context.ts";
import { readNumbered, type View } from "./view.ts";

/** What consensus decides of a block. */
export type NextInput = Omit<BlockInput, "system" | "txs" | "senders">;

export function nextEnv(context: Reading, { snapshot }: View, parent: StoredBlock, input: NextInput): BlockEnv {
  const { section } = running(context);
  const fork = forkOf(context.genesis.fork);
  return {
    number: blockNumber(parent.header.number + 1),
    height: input.height,
    timestamp: BigInt(Math.floor(input.timestampMs / 1000)),
    coinbase: input.coinbase,
    prevRandao: input.prevRandao,
    gasLimit: section.gasLimit,
    baseFeePerGas: baseFeeAfter(fork, parent.header),
    excessBlobGas: excessBlobGasAfter(fork, parent.header),
    system: { parentHash: parent.hash, parentBeaconBlockRoot: input.parentConsensusHash },
    blockHash: (number) => (number === parent.header.number ? parent : readNumbered(context, snapshot, number))?.hash,
  };
}

/**
 * The leader and the consensus block are not known yet: they are taken to be the parent's. Its beacon value is another than the
 * parent's: whoever stores it changes a slot. The block comes after now, perhaps in the next second: taking it to be later than its
 * parent's errs on the side of the dearer one.
 */
export function presumedInput(head: Height, { header }: StoredBlock, { timestampMs }: NextBlock): NextInput {
  return {
    height: head + 1,
    timestampMs: Math.max(timestampMs, (Number(header.timestamp) + 1) * 1000),
    coinbase: header.coinbase,
    prevRandao: keccak256(header.prevRandao),
    parentConsensusHash: header.parentBeaconBlockRoot,
  };
}

export function feesAfter(context: Reading, { header }: StoredBlock): Fees {
  const fork = forkOf(context.genesis.fork);
  return { baseFeePerGas: baseFeeAfter(fork, header), blobBaseFee: blobBaseFee(fork, excessBlobGasAfter(fork, header)) };
}
