/** Type 2 transactions (EIP-1559, EIP-2718), packed by hand into one scratch buffer: a client library takes ten times as long. */
import { keccak256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { signHash } from "@noema/execution/transactions/secp256k1";

export type Fields = {
  chainId: number;
  nonce: number;
  maxPriorityFeePerGas: bigint;
  maxFeePerGas: bigint;
  gas: number;
  /** null: creates a contract. */
  to: Bytes | null;
  value: bigint;
  data: Bytes;
};
export type Signed = { raw: Bytes; hash: Hash };

/** Longest data that fits: creation code of at most 48 KiB (EIP-3860), with room for the rest. */
const scratch = Buffer.alloc(64 * 1024);
/** Of a list of up to 2^24 bytes, and the type's byte before it. */
const HEAD = 5;
const TYPE = 2;

export function signTransaction(fields: Fields, key: Bytes): Signed {
  let at = HEAD;
  at = putInteger(at, fields.chainId);
  at = putInteger(at, fields.nonce);
  at = putBig(at, fields.maxPriorityFeePerGas);
  at = putBig(at, fields.maxFeePerGas);
  at = putInteger(at, fields.gas);
  at = putString(at, fields.to ?? NOTHING);
  at = putBig(at, fields.value);
  at = putString(at, fields.data);
  scratch[at++] = 0xc0; // no access list
  const { signature, yParity } = signHash(keccak256(enclosed(at)), key);
  at = putInteger(at, yParity);
  at = putString(at, stripped(signature.subarray(0, 32)));
  at = putString(at, stripped(signature.subarray(32)));
  const raw = new Uint8Array(enclosed(at)); // a copy: scratch is written again
  return { raw, hash: keccak256(raw) };
}

const NOTHING = new Uint8Array(0);

/** The type and the list's head go right before its items. */
function enclosed(end: number): Bytes {
  const length = end - HEAD;
  let start = HEAD;
  if (length < 56) scratch[--start] = 0xc0 + length;
  else {
    let bytes = 0;
    for (let rest = length; rest > 0; rest = Math.floor(rest / 256), bytes++) scratch[--start] = rest % 256;
    scratch[--start] = 0xf7 + bytes;
  }
  scratch[--start] = TYPE;
  return scratch.subarray(start, end);
}

/** RLP of a string at `at`; returns the end. */
function putString(at: number, bytes: Bytes): number {
  const { length } = bytes;
  let next = at;
  if (length === 1 && (bytes[0] as number) < 0x80) scratch[next++] = bytes[0] as number;
  else {
    if (length < 56) scratch[next++] = 0x80 + length;
    else if (length < 256) {
      scratch[next++] = 0xb8;
      scratch[next++] = length;
    } else {
      scratch[next++] = 0xb9;
      scratch[next++] = length >> 8;
      scratch[next++] = length & 255;
    }
    scratch.set(bytes, next);
    next += length;
  }
  return next;
}

/** An integer below 2^53, shortest form. */
function putInteger(at: number, value: number): number {
  if (value === 0) {
    scratch[at] = 0x80;
    return at + 1;
  }
  if (value < 0x80) {
    scratch[at] = value;
    return at + 1;
  }
  let bytes = 0;
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes++;
  scratch[at] = 0x80 + bytes;
  let rest = value;
  for (let i = at + bytes; i > at; i--) {
    scratch[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return at + 1 + bytes;
}

function putBig(at: number, value: bigint): number {
  if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return putInteger(at, Number(value));
  const hex = value.toString(16);
  return putString(at, Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex"));
}

function stripped(bytes: Bytes): Bytes {
  let zeros = 0;
  while (zeros < bytes.length && bytes[zeros] === 0) zeros++;
  return bytes.subarray(zeros);
}
