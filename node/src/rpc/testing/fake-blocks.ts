/** Blocks and receipts that look real, for tests of the faces. */
import { blockNumber } from "@noema/core/block-number";
import { bigIntToBytes, fromHex, utf8, ZERO_HASH } from "@noema/core/bytes";
import { keccak256, sha256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { BlockRecord, LogRecord, ReceiptRecord } from "@noema/execution/records";
import { rlpEncode } from "@noema/execution/rlp/encode";
import { decodeTransaction } from "@noema/execution/transactions/decode";

/** anvil's first account. */
export const ACCOUNT = {
  address: fromHex("0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"),
  privateKey: fromHex("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"),
};
export const TOPIC = keccak256(utf8("Read(uint256)"));
export const CONTRACT = fromHex("0x5fbdb2315678afecb367f032d93f642f64180aa3");

export function createBlock(parent: BlockRecord | undefined, txHashes: Hash[]): BlockRecord {
  const height = parent === undefined ? 0 : parent.height + 1;
  const word = (name: string) => sha256(utf8(`${name} ${height}`));
  return {
    number: blockNumber(height),
    height,
    hash: keccak256(word("hash")),
    parentHash: parent?.hash ?? ZERO_HASH,
    headerRlp: rlpEncode(Array<Bytes>(21).fill(new Uint8Array(0))),
    stateRoot: word("state"),
    transactionsRoot: word("transactions"),
    receiptsRoot: word("receipts"),
    withdrawalsRoot: word("withdrawals"),
    parentBeaconBlockRoot: word("beacon"),
    requestsHash: word("requests"),
    logsBloom: new Uint8Array(256).fill(txHashes.length === 0 ? 0 : 1),
    coinbase: CONTRACT,
    prevRandao: word("randao"),
    extraData: new Uint8Array(),
    timestamp: 1_700_000_000n + BigInt(height),
    gasLimit: 30_000_000n,
    gasUsed: 21_000n * BigInt(txHashes.length),
    baseFeePerGas: 1_000_000_000n,
    blobGasUsed: 0n,
    excessBlobGas: 0n,
    size: 600,
    txHashes,
  };
}

export function createReceipt(block: BlockRecord, txHash: Hash, raw: Bytes, txIndex: number): ReceiptRecord {
  const tx = decodeTransaction(raw);
  const place = { number: block.number, blockHash: block.hash, blockTimestamp: block.timestamp, txHash, txIndex };
  const log: LogRecord = { ...place, address: CONTRACT, topics: [TOPIC, bigIntToBytes(tx.nonce, 32)], data: tx.data, logIndex: txIndex };
  return {
    ...place,
    type: tx.type,
    from: ACCOUNT.address,
    ...(tx.to === undefined ? { contractAddress: CONTRACT } : { to: tx.to }),
    ok: true,
    gasUsed: 21_000n,
    cumulativeGasUsed: 21_000n * BigInt(txIndex + 1),
    effectiveGasPrice: 2_000_000_000n,
    logsBloom: new Uint8Array(256),
    logs: [log],
  };
}
