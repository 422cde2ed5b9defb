/**
 * What a block writes before its first transaction (execution.md 4): the parent's consensus hash (EIP-4788, ring of 8,191 by timestamp) and
 * the parent's block hash (EIP-2935, ring of 8,191 by number). The contracts are those of the EIPs, in genesis by default, so
 * the slots are written directly, as their code would. Withdrawal and consolidation requests (EIP-7002, 7251) do not exist
 * here: staking is the Staking contract's, and requestsHash is that of no requests.
 */
import { bigIntToBytes, bytesToBigInt, fromHex } from "@noema/core/bytes";
import type { BlockNumber, Bytes, Hash } from "@noema/core/ports/bytes";
import { rlpInt } from "../rlp/encode.ts";
import { EMPTY_ACCOUNT, hasCode } from "../state/account.ts";
import type { Journal } from "../state/journal.ts";
import type { Fork } from "./forks.ts";

export const RING_LENGTH = 8191;
const RING = BigInt(RING_LENGTH);

export type SystemInput = { number: BlockNumber; timestamp: bigint; system?: Parents };
/** `quiet`: hashes of the numbers right before the parent's, in order, that no block has written: those behind which the parent is quiet. */
export type Parents = { parentHash: Hash; parentBeaconBlockRoot: Hash; quiet?: readonly Hash[] };

export type SystemContract = {
  address: Bytes;
  code: string;
  eip: number;
  /** As EIP-7910 calls it. */
  name: string;
  writes(parents: Parents, block: SystemInput): readonly [slot: bigint, value: bigint][];
};

export const SYSTEM_CONTRACTS: readonly SystemContract[] = [
  {
    address: fromHex("0x000f3df6d732807ef1319fb7b8bb8522d0beac02"),
    code: "0x3373fffffffffffffffffffffffffffffffffffffffe14604d57602036146024575f5ffd5b5f35801560495762001fff810690815414603c575f5ffd5b62001fff01545f5260205ff35b5f5ffd5b62001fff42064281555f359062001fff015500",
    eip: 4788,
    name: "BEACON_ROOTS_ADDRESS",
    writes: ({ parentBeaconBlockRoot }, { timestamp }) => [
      [timestamp % RING, timestamp],
      [(timestamp % RING) + RING, bytesToBigInt(parentBeaconBlockRoot)],
    ],
  },
  {
    address: fromHex("0x0000f90827f1c53a10cb7a02335b175320002935"),
    code: "0x3373fffffffffffffffffffffffffffffffffffffffe14604657602036036042575f35600143038111604257611fff81430311604257611fff9006545f5260205ff35b5f5ffd5b5f35611fff60014303065500",
    eip: 2935,
    name: "HISTORY_STORAGE_ADDRESS",
    writes: ({ parentHash, quiet = [] }, { number }) =>
      [...quiet, parentHash].map((hash, i) => [BigInt(number - 1 - quiet.length + i) % RING, bytesToBigInt(hash)]),
  },
];

/** Into the contracts that the fork has and the state holds; nothing where `block.system` is absent. */
export function writeSystemSlots(fork: Fork, journal: Journal, block: SystemInput): void {
  if (block.system === undefined) return;
  for (const { address, eip, writes } of SYSTEM_CONTRACTS) {
    if (!fork.eips.has(eip) || !hasCode(journal.account(address) ?? EMPTY_ACCOUNT)) continue;
    for (const [slot, value] of writes(block.system, block)) journal.setSlot(address, bigIntToBytes(slot, 32), rlpInt(value));
  }
}
