/** viem's clients for one account of a devnet. No retries: a request that fails once is a failure. */
import {
  type Account,
  type Chain,
  createPublicClient,
  createWalletClient,
  defineChain,
  http,
  type PublicClient,
  type WalletClient,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";
import type { Artifact } from "./artifacts.ts";
import type { RunningDevnet } from "./devnet.ts";
import { PATIENCE_MS } from "./wait.ts";

const POLL_MS = 50;

export type Clients = {
  account: ReturnType<typeof privateKeyToAccount>;
  publicClient: PublicClient;
  wallet: WalletClient<ReturnType<typeof http>, Chain, ReturnType<typeof privateKeyToAccount>>;
};

export function createClients(net: RunningDevnet, accountIndex: number, validator = 0): Clients {
  const url = net.rpcUrls[validator] as string;
  const chain = defineChain({
    id: net.chainId,
    name: "Noema",
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [url] } },
  });
  const transport = http(url, { retryCount: 0, timeout: PATIENCE_MS });
  const account = privateKeyToAccount(net.accounts[accountIndex]?.privateKey as `0x${string}`);
  const publicClient = createPublicClient({ chain, transport, pollingInterval: POLL_MS, cacheTime: 0 }) as PublicClient;
  return { account, publicClient, wallet: createWalletClient({ account: account as Account, chain, transport }) as Clients["wallet"] };
}

/** Deploys and answers the address; throws when the deployment failed. */
export async function deploy({ publicClient, wallet }: Clients, artifact: Artifact, args: readonly unknown[] = []): Promise<`0x${string}`> {
  const hash = await wallet.deployContract({ abi: artifact.abi, bytecode: artifact.bytecode, args } as never);
  const { contractAddress, status } = await publicClient.waitForTransactionReceipt({ hash });
  if (status !== "success" || !contractAddress) throw new Error(`deployment ${hash} failed`);
  return contractAddress;
}
