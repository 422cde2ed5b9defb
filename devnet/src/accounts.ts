/** Anvil's accounts: BIP-39 mnemonic, path m/44'/60'/0'/0/i. */
import { pbkdf2Sync } from "node:crypto";
import { to0x } from "@noema/core/bytes";
import { HDKey, hdKeyToAccount } from "viem/accounts";

export const DEFAULT_MNEMONIC = "test test test test test test test test test test test junk";

export type DevAccount = { address: `0x${string}`; privateKey: `0x${string}` };

/** Accounts 0 to count - 1 of BIP-44 account `accountIndex`. The seed is derived once: it costs as much as all the rest. */
export function deriveAccounts(mnemonic: string, count: number, accountIndex = 0): DevAccount[] {
  const seed = pbkdf2Sync(mnemonic.normalize("NFKD"), "mnemonic", 2048, 64, "sha512"); // BIP-39, no passphrase
  const master = HDKey.fromMasterSeed(seed);
  return Array.from({ length: count }, (_, addressIndex) => {
    const account = hdKeyToAccount(master, { accountIndex, addressIndex });
    return { address: account.address, privateKey: to0x(account.getHdKey().privateKey as Uint8Array) as `0x${string}` };
  });
}
