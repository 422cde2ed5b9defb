/** What a transaction brings with it: signatures, authorizations, access lists, data, blobs. */
import { bigIntToBytes, concatBytes, u32be } from "@noema/core/bytes";
import { keccak256, sha256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import { rlpEncode, rlpInt } from "@noema/execution/rlp/encode";
import { signHash } from "@noema/execution/transactions/secp256k1";
import { type Attack, at, number } from "../attack.ts";
import { CHAIN_ID, type Chain, type Sent, TRANSACTION_GAS } from "../chain.ts";
import { addressOf, CROWD, VAULT } from "../state.ts";

/** Of a transaction; the rules allow 131,072. */
const MAX_BYTES = 130_000;
const AUTHORIZATION_GAS = 25_000;
const AUTHORIZATION_BYTES = 101;

type Authorization = (bigint | number | Bytes)[];

/** As many transactions of `each` gas as fit into `gas`. */
function times(gas: number, each: number, make: (i: number) => Omit<Sent, "gasLimit">): Sent[] {
  return Array.from({ length: Math.max(1, Math.floor(gas / each)) }, (_, i) => ({ ...make(i), gasLimit: BigInt(each) }));
}

function authorization(key: Bytes, nonce: number, target: Bytes): Authorization {
  const hash = keccak256(concatBytes(Uint8Array.of(5), rlpEncode([rlpInt(CHAIN_ID), target, rlpInt(nonce)])));
  const { signature, yParity } = signHash(hash, key);
  return [CHAIN_ID, target, nonce, yParity, number(signature.subarray(0, 32)), number(signature.subarray(32))];
}

/** kind: new accounts; a signature of nobody; one account again and again; accounts that delegate to the one before; a wrong nonce. */
function authorizationList(chain: Chain, count: number, kind: number): Authorization[] {
  const seed = bigIntToBytes(chain.fresh(), 32);
  let target: Bytes = VAULT;
  return Array.from({ length: count }, (_, i) => {
    const key = sha256(seed, u32be(kind === 2 ? 0 : i));
    if (kind === 1) return [CHAIN_ID, target, i, i % 2, (1n << 255n) - BigInt(i + 1), 1n + BigInt(i)];
    const made = authorization(key, kind === 2 ? i : kind === 4 ? 9 : 0, target);
    if (kind === 3) target = addressOf(key);
    return made;
  });
}

const authorizations: Attack = {
  name: "authorizations",
  group: "authorizations",
  axes: { kind: [0, 1, 2, 3, 4], count: [600, 1, 20, 100] },
  build(point, chain, gas) {
    const most = Math.floor(Math.min(MAX_BYTES / AUTHORIZATION_BYTES, (Math.min(gas, TRANSACTION_GAS) - 21_000) / AUTHORIZATION_GAS));
    const count = Math.max(1, Math.min(at(point, "count"), most));
    return times(gas, 21_000 + count * AUTHORIZATION_GAS, () => ({
      type: 4,
      to: VAULT,
      authorizations: authorizationList(chain, count, at(point, "kind")),
    }));
  },
};

const accessLists: Attack = {
  name: "access lists",
  group: "access lists",
  axes: { slots: [0, 1, 100, 3500], count: [3000, 1, 100], same: [0, 1] },
  build(point, chain, gas) {
    const slots = at(point, "slots");
    const count = Math.max(1, Math.min(at(point, "count"), Math.floor(MAX_BYTES / (25 + 33 * slots))));
    const each = 21_000 + count * (2400 + 1900 * slots);
    const base = chain.fresh();
    const item = (i: number) => ({
      address: bigIntToBytes(CROWD + (at(point, "same") ? 0n : BigInt(i)), 20),
      storageKeys: Array.from({ length: slots }, (_, j) => bigIntToBytes(base + BigInt(j), 32)),
    });
    return times(gas, each, () => ({ to: bigIntToBytes(CROWD, 20), accessList: Array.from({ length: count }, (_, i) => item(i)) }));
  },
};

const calldata: Attack = {
  name: "data",
  group: "calldata",
  axes: { size: [120_000, 100, 1000, 20_000], byte: [0, 1], type: [2, 0] },
  build(point, chain, gas) {
    const data = new Uint8Array(at(point, "size")).fill(at(point, "byte"));
    const each = 21_000 + data.length * (at(point, "byte") === 0 ? 10 : 40);
    return times(gas, each, () => ({ type: at(point, "type") as 0 | 2, chainId: CHAIN_ID, to: bigIntToBytes(chain.fresh(), 20), data }));
  },
};

const transfers: Attack = {
  name: "transfers",
  group: "transactions",
  axes: { to: [0, 1, 2], type: [2, 0, 1], value: [1, 0] },
  build(point, chain, gas) {
    const base = [chain.fresh(), CROWD, CROWD][at(point, "to")] as bigint;
    const to = (i: number) => bigIntToBytes(base + (at(point, "to") === 2 ? 0n : BigInt(i)), 20);
    return times(gas, 21_000, (i) => ({ type: at(point, "type") as 0 | 1 | 2, to: to(i), value: BigInt(at(point, "value")) }));
  },
};

/** Nine blobs are all that a block takes, so what is left of its gas goes to transfers. */
const blobs: Attack = {
  name: "blob transactions, then transfers",
  group: "transactions",
  axes: { blobs: [1, 6] },
  build(point, chain, gas) {
    const hash = concatBytes(Uint8Array.of(1), new Uint8Array(31).fill(7));
    const many = at(point, "blobs") === 1 ? 9 : 1;
    const sent = times(21_000 * many, 21_000, () => ({
      type: 3,
      to: VAULT,
      maxFeePerBlobGas: 10n ** 9n,
      blobVersionedHashes: Array<Bytes>(at(point, "blobs")).fill(hash),
    }));
    return [...sent, ...transfers.build({ to: 0, type: 2, value: 1 }, chain, Math.max(0, gas - 21_000 * many))];
  },
};

export const transactionAttacks: readonly Attack[] = [authorizations, accessLists, calldata, transfers, blobs];
