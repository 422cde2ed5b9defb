/** Anvil's accounts: BIP-39 mnemonic, path m/44'/60'/0'/0/i. */
import { pbkdf2Sync } from "node:crypto";
import { to0x } from "@noema/core/bytes";
import type { Hex } from "viem";
import { HDKey, privateKeyToAddress } from "viem/accounts";

export const DEFAULT_MNEMONIC = "test test test test test test test test test test test junk";

export type DevAccount = { address: Hex; privateKey: Hex };

/**
 * Accounts 0 to count - 1 of BIP-44 account `accountIndex`. The path down to them is walked once: each step is a point multiplication in
 * JavaScript, which a start waits for.
 */
export function deriveAccounts(mnemonic: string, count: number, accountIndex = 0): DevAccount[] {
  const seed = pbkdf2Sync(mnemonic.normalize("NFKD"), "mnemonic", 2048, 64, "sha512"); // BIP-39, no passphrase
  const parent = HDKey.fromMasterSeed(seed).derive(`m/44'/60'/${accountIndex}'/0`);
  return Array.from({ length: count }, (_, i) => {
    const privateKey = to0x(parent.deriveChild(i).privateKey as Uint8Array) as Hex;
    return { address: privateKeyToAddress(privateKey), privateKey };
  });
}
