/**
 * What a block writes before its first transaction (execution.md 4): the parent's consensus hash (EIP-4788, ring of 8,191 by timestamp) and
 * the parent's block hash (EIP-2935, ring of 8,191 by number). The contracts are those of the EIPs, in genesis by default, so
 * the slots are written directly, as their code would. Withdrawal and consolidation requests (EIP-7002, 7251) do not exist
 * here: staking is the Staking contract's, and requestsHash is that of no requests.
 */
import type { Common } from "@ethereumjs/common";
import { bigIntToBytes, fromHex } from "@noema/core/bytes";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { rlpInt } from "../rlp.ts";
import { EMPTY_CODE_HASH } from "../state/account.ts";
import type { Journal } from "../state/journal.ts";
import type { BlockEnv } from "./engine.ts";

export const BEACON_ROOTS: Bytes = fromHex("0x000f3df6d732807ef1319fb7b8bb8522d0beac02");
export const HISTORY_STORAGE: Bytes = fromHex("0x0000f90827f1c53a10cb7a02335b175320002935");
const RING = 8191n;

export function systemCalls(common: Common, journal: Journal, env: BlockEnv): void {
  if (env.system === undefined) return;
  const deployed = (address: Bytes) => journal.code(journal.account(address)?.codeHash ?? EMPTY_CODE_HASH).length > 0;
  if (common.isActivatedEIP(4788) && deployed(BEACON_ROOTS)) {
    const index = env.timestamp % RING;
    journal.setSlot(BEACON_ROOTS, slot(index), rlpInt(env.timestamp));
    journal.setSlot(BEACON_ROOTS, slot(index + RING), word(env.system.parentBeaconBlockRoot));
  }
  if (common.isActivatedEIP(2935) && deployed(HISTORY_STORAGE))
    journal.setSlot(HISTORY_STORAGE, slot(BigInt(env.number - 1) % RING), word(env.system.parentHash));
}

function slot(index: bigint): Hash {
  return bigIntToBytes(index, 32);
}

/** Without leading zeros, as the journal holds values. */
function word(hash: Hash): Bytes {
  const first = hash.findIndex((byte) => byte !== 0);
  return first < 0 ? new Uint8Array(0) : hash.subarray(first);
}
