/** Loads for blocks.ts: transactions of `senders` accounts of testing/chain.ts, each with its sender, as a node hands them over. */
import { readFileSync } from "node:fs";
import { concatBytes, fromHex, u32be } from "@noema/core/bytes";
import { keccak256, sha256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import { rlpEncode, rlpInt } from "../src/rlp/encode.ts";
import { CHAIN_ID, testAddress, testKey } from "../src/testing/chain.ts";
import { signTransaction, type TransactionFields } from "../src/transactions/testing/sign-transaction.ts";

export const LOADS = ["transfers", "fresh", "erc20"] as const;
export type LoadName = (typeof LOADS)[number];

export type SignedTransactions = { txs: Bytes[]; senders: Bytes[] };
/** `first`: blocks that are not measured. `next`: a block of so many transactions. */
export type Load = { first: SignedTransactions[]; next(count: number): SignedTransactions };

/** keccak256("transfer(address,uint256)"), 4 bytes. */
const TRANSFER = fromHex("0xa9059cbb");
const GWEI = 10n ** 9n;

export function createLoad(name: LoadName, accounts: number): Load {
  const addresses = Array.from({ length: accounts }, (_, i) => testAddress(i));
  const keys = addresses.map((_, i) => testKey(i));
  const nonces = addresses.map(() => 0n);
  let made = 0;
  const sign = (from: number, fields: TransactionFields) => {
    const nonce = nonces[from] as bigint;
    nonces[from] = nonce + 1n;
    const rest = { chainId: BigInt(CHAIN_ID), nonce, maxFeePerGas: 1000n * GWEI, maxPriorityFeePerGas: GWEI };
    return signTransaction({ ...rest, ...fields }, keys[from] as Bytes);
  };
  /** Spread over the accounts, the same ones in each run. */
  const other = (i: number) => addresses[(i * 7 + Math.floor(i / accounts)) % accounts] as Bytes;
  const fields: Record<LoadName, (i: number) => TransactionFields> = {
    transfers: (i) => ({ to: other(i), value: 1n }),
    fresh: (i) => ({ to: sha256(u32be(i)).subarray(0, 20), value: 1n }),
    erc20: (i) => ({ to: token, data: tokenTransfer(other(i), 1n), gasLimit: 60_000n }),
  };
  const block = (count: number, of: (i: number) => TransactionFields): SignedTransactions => {
    const from = Array.from({ length: count }, () => made++);
    return { txs: from.map((i) => sign(i % accounts, of(i))), senders: from.map((i) => addresses[i % accounts] as Bytes) };
  };
  const token = createdBy(addresses[0] as Bytes);
  const first = name === "erc20" ? tokenBlocks() : [];
  function tokenBlocks(): SignedTransactions[] {
    const create = { txs: [sign(0, { to: null, data: tokenCode(), gasLimit: 2_000_000n })], senders: addresses.slice(0, 1) };
    const fund = addresses.map((to) => sign(0, { to: token, data: tokenTransfer(to, 10n ** 24n), gasLimit: 60_000n }));
    return [create, { txs: fund, senders: fund.map(() => addresses[0] as Bytes) }];
  }
  return { first, next: (count) => block(count, fields[name]) };
}

/** The contract that an account's first transaction makes. */
function createdBy(sender: Bytes): Bytes {
  return keccak256(rlpEncode([sender, rlpInt(0)])).subarray(12);
}

function tokenTransfer(to: Bytes, value: bigint): Bytes {
  return concatBytes(TRANSFER, new Uint8Array(12), to, fromHex(value.toString(16).padStart(64, "0")));
}

function tokenCode(): Bytes {
  const artifact = new URL("../../bench/contracts/artifacts/Token.json", import.meta.url);
  return fromHex((JSON.parse(readFileSync(artifact, "utf8")) as { bytecode: string }).bytecode);
}
