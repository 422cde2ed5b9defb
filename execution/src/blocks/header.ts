/**
 * Ethereum's block header as of Prague and Osaka: 21 fields (Yellow Paper 4.3, EIP-1559, 4399, 4895, 4844, 4788, 7685). Earlier
 * forks end sooner. Block hash = keccak256(RLP(header)). There are no ommers, withdrawals or requests here, nonce and
 * difficulty are zero.
 */
import { blockNumber } from "@noema/core/block-number";
import { bytesToBigInt, fromHex, ZERO_HASH } from "@noema/core/bytes";
import { keccak256, sha256 } from "@noema/core/hash";
import type { BlockNumber, Bytes, Hash } from "@noema/core/ports/bytes";
import { rlpDecodeFlat } from "../rlp/decode.ts";
import { rlpEncode } from "../rlp/encode.ts";
import { forkOf } from "../rules/forks.ts";
import { EMPTY_ROOT } from "../trie/node.ts";

export type Header = {
  parentHash: Hash;
  coinbase: Bytes;
  stateRoot: Hash;
  transactionsRoot: Hash;
  receiptsRoot: Hash;
  logsBloom: Bytes;
  number: BlockNumber;
  gasLimit: bigint;
  gasUsed: bigint;
  timestamp: bigint;
  extraData: Bytes;
  prevRandao: Hash;
  baseFeePerGas: bigint;
  blobGasUsed: bigint;
  excessBlobGas: bigint;
  parentBeaconBlockRoot: Hash;
};

/** keccak256(RLP([])) */
const NO_OMMERS: Hash = keccak256(fromHex("0xc0"));
export const NO_REQUESTS: Hash = sha256(new Uint8Array(0));
const NOTHING = new Uint8Array(0);
const ZERO_NONCE = new Uint8Array(8);

/** Throws EXEC_FORK_UNKNOWN. */
export function encodeHeader(h: Header, fork: string): Bytes {
  const fields = [
    h.parentHash,
    NO_OMMERS,
    h.coinbase,
    h.stateRoot,
    h.transactionsRoot,
    h.receiptsRoot,
    h.logsBloom,
    NOTHING,
    h.number,
    h.gasLimit,
    h.gasUsed,
    h.timestamp,
    h.extraData,
    h.prevRandao,
    ZERO_NONCE,
    h.baseFeePerGas,
    EMPTY_ROOT,
    h.blobGasUsed,
    h.excessBlobGas,
    h.parentBeaconBlockRoot,
    NO_REQUESTS,
  ];
  return rlpEncode(fields.slice(0, forkOf(fork).headerFields));
}

/** Of our own headers; throws RLP_INVALID. */
export function decodeHeader(rlp: Bytes): Header {
  const f = rlpDecodeFlat(rlp);
  const bytes = (i: number) => f[i] ?? NOTHING;
  const int = (i: number) => bytesToBigInt(bytes(i));
  return {
    parentHash: bytes(0),
    coinbase: bytes(2),
    stateRoot: bytes(3),
    transactionsRoot: bytes(4),
    receiptsRoot: bytes(5),
    logsBloom: bytes(6),
    number: blockNumber(Number(int(8))),
    gasLimit: int(9),
    gasUsed: int(10),
    timestamp: int(11),
    extraData: bytes(12),
    prevRandao: bytes(13),
    baseFeePerGas: int(15),
    blobGasUsed: int(17),
    excessBlobGas: int(18),
    parentBeaconBlockRoot: f[19] ?? ZERO_HASH,
  };
}
