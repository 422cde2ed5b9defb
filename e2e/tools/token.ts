/** A token with some transfers, for an indexer. */
import { createPublicClient, createWalletClient, http } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { foundry } from "viem/chains";
import { token } from "../harness/artifacts.ts";
import { address as account, privateKey } from "./accounts.ts";

/** `transfers`: the values in order, the first being the supply's; `last`: the block of the last. */
export type Transfers = { address: string; transfers: number[]; last: number };

/** Two blocks follow the last one, for what waits until a block has a successor. */
export async function createTransfers(url: string): Promise<Transfers> {
  const options = { chain: foundry, transport: http(url), pollingInterval: 50 };
  const client = createPublicClient(options);
  const wallet = createWalletClient({ ...options, account: privateKeyToAccount(privateKey(7)) });
  const mined = (hash: `0x${string}`) => client.waitForTransactionReceipt({ hash });
  const supply = 1_000;
  const deployed = await mined(await wallet.deployContract({ ...token, args: ["Token", "T", BigInt(supply)] }));
  const address = deployed.contractAddress as `0x${string}`;
  const transfers = [supply];
  let last = deployed.blockNumber;
  for (const value of [1, 2, 3, 5, 8]) {
    const call = { address, abi: token.abi, functionName: "transfer", args: [account(8), BigInt(value)] } as const;
    last = (await mined(await wallet.writeContract(call))).blockNumber;
    transfers.push(value);
  }
  for (let i = 0; i < 2; i++) await mined(await wallet.sendTransaction({ to: account(8), value: 1n }));
  return { address, transfers, last: Number(last) };
}
