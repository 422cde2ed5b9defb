/** The environment of the block after `parent` (execution.md 2): of the one that is executed, and of questions about the next one. */
import { blockNumber } from "@noema/core/block-number";
import { keccak256 } from "@noema/core/hash";
import type { Hash } from "@noema/core/ports/bytes";
import type { KvSnapshot } from "@noema/core/ports/kv-store";
import type { BlockInput, Fees, NextBlock } from "../api.ts";
import { hashesOf } from "../blocks/quiet.ts";
import { readBlock, type StoredBlock } from "../blocks/store.ts";
import type { BlockEnv } from "../engine/engine.ts";
import { baseFeeAfter, blobBaseFee, excessBlobGasAfter } from "../rules/fees.ts";
import { forkOf } from "../rules/forks.ts";
import { RING_LENGTH } from "../rules/system-contracts.ts";
import type { Slots } from "../system/control-slots.ts";
import { readNext } from "../system/controls.ts";
import { nextTimestamp } from "../system/next-block.ts";
import { type Reading, running } from "./context.ts";
import { readNumbered, type View } from "./view.ts";

/** What consensus decides of a block. */
export type NextInput = Omit<BlockInput, "system" | "txs" | "senders">;

/** `state`: before the block, with what the operations of its height have set. */
export function nextEnv(context: Reading, { snapshot }: View, parent: StoredBlock, input: NextInput, state: Slots): BlockEnv {
  const { section } = running(context);
  const { genesis } = context;
  const fork = forkOf(genesis.fork);
  const controls = genesis.dev ? readNext(state) : undefined;
  return {
    number: blockNumber(parent.header.number + 1),
    height: input.height,
    timestamp: controls
      ? nextTimestamp(controls, parent.header.timestamp, input.timestampMs)
      : BigInt(Math.floor(input.timestampMs / 1000)),
    coinbase: controls?.coinbase ?? input.coinbase,
    prevRandao: controls?.prevRandao ?? input.prevRandao,
    gasLimit: controls?.gasLimit ?? section.gasLimit,
    baseFeePerGas: feesAfter(context, parent, controls?.baseFee).baseFeePerGas,
    excessBlobGas: excessBlobGasAfter(fork, parent.header),
    system: { parentHash: parent.hash, parentBeaconBlockRoot: input.parentConsensusHash, quiet: quietBefore(context, snapshot, parent) },
    blockHash: (number) => (number === parent.header.number ? parent : readNumbered(context, snapshot, number))?.hash,
  };
}

/**
 * The leader and the consensus block are not known yet: they are taken to be the parent's. Its beacon value is another than the
 * parent's: whoever stores it changes a slot. The block comes after now, perhaps in the next second: taking it to be later than its
 * parent's errs on the side of the dearer one.
 */
export function presumedInput(
  context: Reading,
  { head }: View,
  { header }: StoredBlock,
  { timestampMs }: NextBlock,
  state: Slots,
): NextInput {
  const offsetMs = context.genesis.dev ? Number(readNext(state).offsetMs) : 0;
  return {
    height: head + 1,
    timestampMs: Math.max(timestampMs, (Number(header.timestamp) + 1) * 1000 - offsetMs),
    coinbase: header.coinbase,
    prevRandao: keccak256(header.prevRandao),
    parentConsensusHash: header.parentBeaconBlockRoot,
  };
}

/** As many as the ring of EIP-2935 holds beside the parent. */
export function quietBefore({ genesis }: Reading, snapshot: KvSnapshot, parent: StoredBlock): Hash[] {
  if (parent.index === 0) return [];
  const whole = readBlock(snapshot, parent.height, genesis.fork) as StoredBlock;
  return hashesOf(snapshot, whole, Math.max(0, parent.index - RING_LENGTH + 1), parent.index - 1);
}

/** `set`: what a control says of the base fee. */
export function feesAfter({ genesis }: Reading, { header }: StoredBlock, set?: bigint): Fees {
  const fork = forkOf(genesis.fork);
  return {
    baseFeePerGas: (fork.eips.has(1559) ? set : undefined) ?? baseFeeAfter(fork, header),
    blobBaseFee: blobBaseFee(fork, excessBlobGasAfter(fork, header)),
  };
}
