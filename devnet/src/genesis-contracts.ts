/**
 * Contracts that stand at the same address on every chain and that tools expect there: docs/decisions/0011. A list of runtime
 * codes with source, licence and keccak256, in devnet/genesis-contracts.json.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "@noema/node/paths";
import type { Hex } from "viem";

export type GenesisContract = { name: string; address: Hex; source: string; codeHash: Hex; code: Hex };

export function readGenesisContracts(): GenesisContract[] {
  return JSON.parse(readFileSync(join(repositoryRoot(), "devnet", "genesis-contracts.json"), "utf8"));
}

/** Nonce 1, as EIP-161 gives a created contract. */
export function contractAlloc(): Record<string, { nonce: string; code: Hex }> {
  return Object.fromEntries(readGenesisContracts().map(({ address, code }) => [address.toLowerCase(), { nonce: "1", code }]));
}
