/** An account that no genesis knows: what it has was set by hand. */
import { type Hex, keccak256, numberToHex } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { type DevnetConfig, rpc } from "../harness/devnet.ts";

export const ETHER = 10n ** 18n;

export type Newcomer = {
  address: Hex;
  /** Raw transfer of one ether to nobody's address. */
  transfer(nonce: number): Promise<{ raw: Hex; hash: Hex }>;
};

export function createNewcomer({ chainId }: DevnetConfig): Newcomer {
  const signer = privateKeyToAccount(generatePrivateKey());
  const common = { chainId, type: "eip1559", to: `0x${"dd".repeat(20)}`, value: ETHER, gas: 21_000n } as const;
  return {
    address: signer.address,
    async transfer(nonce) {
      const raw = await signer.signTransaction({ ...common, nonce, maxFeePerGas: 20_000_000_000n, maxPriorityFeePerGas: 1n });
      return { raw, hash: keccak256(raw) };
    },
  };
}

export function setBalance(url: string, address: Hex, balance: bigint, prefix: "anvil" | "hardhat" = "anvil"): Promise<unknown> {
  return rpc(url, `${prefix}_setBalance`, address, numberToHex(balance));
}

export async function balanceOf(url: string, address: Hex, tag: Hex | "latest" = "latest"): Promise<bigint> {
  return BigInt(await rpc<Hex>(url, "eth_getBalance", address, tag));
}
