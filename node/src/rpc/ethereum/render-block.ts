/** Blocks and headers as execution-apis shapes them. */
import { to0x } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { BlockRecord, HeadRecord } from "@noema/execution/records";
import { rlpDecodeFlat } from "@noema/execution/rlp/decode";
import { quantityHex } from "./hex.ts";

/** keccak256(rlp([])): after the merge a block has no uncles. */
const EMPTY_UNCLES = to0x(keccak256(new Uint8Array([0xc0])));
const ZERO_NONCE = "0x0000000000000000";
/** Fields of a header from each fork on (execution.md 1). */
const [LONDON, SHANGHAI, CANCUN, PRAGUE] = [16, 17, 20, 21];

const headerFields = ({ headerRlp }: HeadRecord) => rlpDecodeFlat(headerRlp).length;

/** What the block's fork has: hashing what is shown gives the hash that is shown. */
export function renderHeader(block: HeadRecord): Record<string, unknown> {
  const fields = headerFields(block);
  return {
    number: quantityHex(block.number),
    hash: to0x(block.hash),
    parentHash: to0x(block.parentHash),
    sha3Uncles: EMPTY_UNCLES,
    miner: to0x(block.coinbase),
    stateRoot: to0x(block.stateRoot),
    transactionsRoot: to0x(block.transactionsRoot),
    receiptsRoot: to0x(block.receiptsRoot),
    logsBloom: to0x(block.logsBloom),
    difficulty: "0x0",
    gasLimit: quantityHex(block.gasLimit),
    gasUsed: quantityHex(block.gasUsed),
    timestamp: quantityHex(block.timestamp),
    extraData: to0x(block.extraData),
    mixHash: to0x(block.prevRandao),
    nonce: ZERO_NONCE,
    ...(fields >= LONDON && { baseFeePerGas: quantityHex(block.baseFeePerGas) }),
    ...(fields >= SHANGHAI && { withdrawalsRoot: to0x(block.withdrawalsRoot) }),
    ...(fields >= CANCUN && {
      blobGasUsed: quantityHex(block.blobGasUsed),
      excessBlobGas: quantityHex(block.excessBlobGas),
      parentBeaconBlockRoot: to0x(block.parentBeaconBlockRoot),
    }),
    ...(fields >= PRAGUE && { requestsHash: to0x(block.requestsHash) }),
  };
}

/** `transactions`: hashes or whole objects, in order. */
export function renderBlock(block: BlockRecord, transactions: readonly unknown[]): Record<string, unknown> {
  const withdrawals = headerFields(block) >= SHANGHAI ? { withdrawals: [] } : {};
  return { ...renderHeader(block), size: quantityHex(block.size), uncles: [], transactions, ...withdrawals };
}
