/** Anvil's accounts: BIP-39 mnemonic, path m/44'/60'/0'/0/i. */
import { to0x } from "@noema/core/bytes";
import { mnemonicToAccount } from "viem/accounts";

export const DEFAULT_MNEMONIC = "test test test test test test test test test test test junk";

export type DevAccount = { address: `0x${string}`; privateKey: `0x${string}` };

export function deriveAccounts(mnemonic: string, count: number): DevAccount[] {
  return Array.from({ length: count }, (_, addressIndex) => {
    const account = mnemonicToAccount(mnemonic, { addressIndex });
    return { address: account.address, privateKey: to0x(account.getHdKey().privateKey as Uint8Array) as `0x${string}` };
  });
}
