/**
 * Ethereum's block header as of Prague and Osaka: 21 fields (Yellow Paper 4.3, EIP-1559, 4399, 4895, 4844, 4788, 7685). Earlier
 * forks end sooner. Block hash = keccak256(RLP(header)). There are no ommers, withdrawals or requests here, nonce and
 * difficulty are zero.
 */
import { bytesToBigInt, equalBytes, fromHex, ZERO_HASH } from "@noema/core/bytes";
import { keccak256, sha256 } from "@noema/core/hash";
import type { BlockNumber, Bytes, Hash } from "@noema/core/ports/bytes";
import { execError } from "../errors.ts";
import { type RlpInput, rlpEncode } from "../rlp/encode.ts";
import { forkOf } from "../rules/forks.ts";
import { EMPTY_ROOT } from "../trie/node.ts";
import { NO_BLOOM } from "./bloom.ts";

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
const STORED_FIELDS = 14;

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

/** What the store keeps of a header: all but its number and state root, which stand beside it, and what is the same in each. Usual values stand empty. */
export function storedFields(h: Header): RlpInput[] {
  return [
    h.parentHash,
    h.coinbase,
    unusual(h.transactionsRoot, EMPTY_ROOT),
    unusual(h.receiptsRoot, EMPTY_ROOT),
    unusual(h.logsBloom, NO_BLOOM),
    h.gasLimit,
    h.gasUsed,
    h.timestamp,
    h.extraData,
    h.prevRandao,
    h.baseFeePerGas,
    h.blobGasUsed,
    h.excessBlobGas,
    unusual(h.parentBeaconBlockRoot, ZERO_HASH),
  ];
}

/** Throws RLP_INVALID. */
export function headerOf(fields: readonly Bytes[], { number, stateRoot }: Pick<Header, "number" | "stateRoot">): Header {
  if (fields.length !== STORED_FIELDS) throw execError("RLP_INVALID", `a stored header of ${fields.length} fields`);
  const bytes = (i: number) => fields[i] as Bytes;
  const int = (i: number) => bytesToBigInt(bytes(i));
  const or = (i: number, usual: Bytes) => (bytes(i).length === 0 ? usual : bytes(i));
  return {
    number,
    stateRoot,
    parentHash: bytes(0),
    coinbase: bytes(1),
    transactionsRoot: or(2, EMPTY_ROOT),
    receiptsRoot: or(3, EMPTY_ROOT),
    logsBloom: or(4, NO_BLOOM),
    gasLimit: int(5),
    gasUsed: int(6),
    timestamp: int(7),
    extraData: bytes(8),
    prevRandao: bytes(9),
    baseFeePerGas: int(10),
    blobGasUsed: int(11),
    excessBlobGas: int(12),
    parentBeaconBlockRoot: or(13, ZERO_HASH),
  };
}

function unusual(value: Bytes, usual: Bytes): Bytes {
  return equalBytes(value, usual) ? NOTHING : value;
}
