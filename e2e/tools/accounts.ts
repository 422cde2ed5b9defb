/** The ten accounts that every compared node funds. */
import { HDNodeWallet } from "ethers";

const MNEMONIC = "test test test test test test test test test test test junk";

const keys = Array.from({ length: 10 }, (_, i) => HDNodeWallet.fromPhrase(MNEMONIC, undefined, `m/44'/60'/0'/0/${i}`));

export function privateKey(index: number): `0x${string}` {
  return (keys[index] as HDNodeWallet).privateKey as `0x${string}`;
}

export function address(index: number): `0x${string}` {
  return (keys[index] as HDNodeWallet).address as `0x${string}`;
}
