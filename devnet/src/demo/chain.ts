/** The demo's hands on a chain, over JSON-RPC only: any client could do the same. */
import {
  type Account,
  type Chain,
  createPublicClient,
  createWalletClient,
  defineChain,
  type Hex,
  http,
  type PublicClient,
  type Transport,
  type WalletClient,
} from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { DEFAULT_MNEMONIC } from "../accounts.ts";
import { devError } from "../errors.ts";
import { type Receipts, watchReceipts } from "./receipts.ts";

const POLL_MS = 50;
const FINALITY_TIMEOUT_MS = 60_000;
const HALT_POLL_MS = 1000;
/** Longer than a validator takes to come back after a hiccup. */
const HALT_PATIENCE = 10;

export type DemoChain = {
  account: Account;
  publicClient: PublicClient;
  walletClient: WalletClient<Transport, Chain, Account>;
  receipts: Receipts;
  /** A method as it stands, ours for example. */
  noema<T>(method: string, ...params: unknown[]): Promise<T>;
};

function isOfSystem(error: unknown): boolean {
  for (let e = error; e instanceof Error; e = e.cause)
    if (/^(E|UND_ERR_)[A-Z_]+$/.test(String((e as NodeJS.ErrnoException).code))) return true;
  return false;
}

export async function connect(rpcUrl: string): Promise<DemoChain> {
  const transport = http(rpcUrl, { retryCount: 0, timeout: 30_000 });
  const id = await createPublicClient({ transport })
    .getChainId()
    .catch((error) => {
      if (isOfSystem(error)) throw error; // the launcher has a sentence for each
      throw devError("DEV_DEMO_FAILED", `what answers at ${rpcUrl} is no chain, or it answers too slowly`, {}, error);
    });
  const chain = defineChain({
    id,
    name: "Noema",
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  });
  const account = mnemonicToAccount(DEFAULT_MNEMONIC);
  const publicClient = createPublicClient({ chain, transport, pollingInterval: POLL_MS });
  const walletClient = createWalletClient({ account, chain, transport });
  const noema = <T>(method: string, ...params: unknown[]) => publicClient.request({ method, params } as never) as Promise<T>;
  await requireNoema({ noema }, rpcUrl);
  return { account, publicClient, walletClient, receipts: await watchReceipts(publicClient), noema };
}

/** Throws where another program has the port, such as anvil. */
export async function requireNoema({ noema }: Pick<DemoChain, "noema">, rpcUrl: string): Promise<void> {
  await noema("noema_nodeInfo").catch((error) => {
    if (error?.code !== -32601) throw error;
    throw devError("DEV_DEMO_FAILED", `what answers at ${rpcUrl} is no Noema node: name a devnet's URL with --rpc`, {}, error);
  });
}

/** Throws where nobody has given the demo's account anything, before a hundred sends say so one by one. */
export async function requireFunds({ account, publicClient }: Pick<DemoChain, "account" | "publicClient">): Promise<void> {
  if ((await publicClient.getBalance({ address: account.address })) > 0n) return;
  throw devError(
    "DEV_DEMO_FAILED",
    `the demo pays from ${account.address}, which has nothing on this chain: start a devnet with the default --mnemonic`,
  );
}

/** The outcome of the work; rejects with the node's own words once the chain has been halted for ten seconds. */
export async function unlessHalted<T>(chain: DemoChain, work: Promise<T>): Promise<T> {
  let done = false;
  const watch = async () => {
    for (let halted = 0; !done; ) {
      const { state, cause } = await chain.noema<{ state: string; cause: string | null }>("noema_consensusStatus");
      halted = state === "halted" ? halted + 1 : 0;
      if (halted === HALT_PATIENCE) throw devError("DEV_DEMO_FAILED", `the chain is halted: ${cause?.replace(/^halted: /, "")}`);
      await new Promise((wake) => setTimeout(wake, HALT_POLL_MS));
    }
    return work;
  };
  try {
    return await Promise.race([work, watch()]);
  } finally {
    done = true;
  }
}

/** Resolves with the milliseconds until `finalized` reaches the height. */
export async function waitForFinality(chain: DemoChain, height: bigint): Promise<number> {
  const started = performance.now();
  for (;;) {
    const block = await chain.publicClient.getBlock({ blockTag: "finalized" });
    if (block.number >= height) return performance.now() - started;
    if (performance.now() - started > FINALITY_TIMEOUT_MS)
      throw devError("DEV_DEMO_FAILED", `height ${height} is not final after ${FINALITY_TIMEOUT_MS / 1000} s`);
    await new Promise((done) => setTimeout(done, POLL_MS));
  }
}

/** The state root of one height from every validator whose RPC the node knows; throws when one does not answer. */
export async function stateRoots(chain: DemoChain, rpcUrl: string, height: bigint): Promise<Hex[]> {
  const validators = await chain.noema<{ rpcUrl?: string }[]>("noema_validators");
  const urls = validators.map((x) => x.rpcUrl).filter((x) => x !== undefined && x !== null);
  return Promise.all((urls.length > 0 ? urls : [rpcUrl]).map((url) => stateRoot(url, height)));
}

/** A validator may be some blocks behind the one that was asked first. */
async function stateRoot(url: string, height: bigint): Promise<Hex> {
  const client = createPublicClient({ transport: http(url) });
  const deadline = performance.now() + FINALITY_TIMEOUT_MS;
  while ((await client.getBlock({ blockTag: "finalized" })).number < height) {
    if (performance.now() > deadline) throw devError("DEV_DEMO_FAILED", `${url} does not reach finalized height ${height}`);
    await new Promise((done) => setTimeout(done, POLL_MS));
  }
  return (await client.getBlock({ blockNumber: height })).stateRoot;
}
