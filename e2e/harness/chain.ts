/** What the tests ask of a chain, over RPC. */
import { rpc, rpcEach } from "./devnet.ts";
import { until } from "./wait.ts";

export type Block = {
  number: `0x${string}`;
  hash: string;
  parentHash: string;
  stateRoot: string;
  timestamp: `0x${string}`;
  baseFeePerGas: `0x${string}`;
  transactions: string[];
};
export type Receipt = { transactionHash: string; blockNumber: `0x${string}`; blockHash: string; status: string };
export type Readiness = {
  code: number;
  body: { status: string; cause?: string; latest: number; finalized: number; consensus: number; unreachable?: { reason: string }[] };
};
type Certificate = { header: { height: string }; signers: { index: number }[] };

export async function heightOf(url: string, tag: "latest" | "finalized" = "latest"): Promise<number> {
  return Number((await blockOf(url, tag)).number);
}

export function blockOf(url: string, tag: string | number): Promise<Block> {
  return rpc<Block>(url, "eth_getBlockByNumber", typeof tag === "number" ? `0x${tag.toString(16)}` : tag, false);
}

export async function readiness(url: string): Promise<Readiness> {
  const response = await fetch(`${url}/readyz`);
  return { code: response.status, body: (await response.json()) as Readiness["body"] };
}

/** Resolves once every node's `latest` is at least `height`. */
export async function reach(urls: readonly string[], height: number): Promise<void> {
  let heights: number[] = [];
  await until(
    async () => {
      heights = await Promise.all(urls.map((url) => heightOf(url)));
      return heights.every((x) => x >= height);
    },
    () => `height ${height} was not reached: ${heights}`,
  );
}

/** Resolves with the milliseconds until `url` has a `latest` above the one it has now. */
export async function nextBlockMs(url: string): Promise<number> {
  const started = performance.now();
  await reach([url], (await heightOf(url)) + 1);
  return performance.now() - started;
}

/** Waits for the certificate at `height` or above and returns its height and signers. */
export async function certificateFrom(url: string, height: number): Promise<{ height: number; signers: number[] } | undefined> {
  const found = await rpc<Certificate | null>(url, "noema_getCertificate", `0x${height.toString(16)}`);
  return found === null ? undefined : { height: Number(found.header.height), signers: found.signers.map((x) => x.index) };
}

/**
 * Resolves with the height of the first finalization certificate above `after`, as one of `urls` holds it, that validator
 * `index` signed. Certificates hold the votes that came first, so not each one holds everybody's.
 */
export async function votedAfter(urls: readonly string[], index: number, after: number): Promise<number> {
  let found: number | undefined;
  let looked = after;
  const look = async () => {
    const top = Math.min(...(await Promise.all(urls.map((url) => heightOf(url)))));
    for (let height = looked + 1; height <= top && found === undefined; height++) {
      for (const url of urls) if ((await certificateFrom(url, height))?.signers.includes(index)) found = height;
      looked = height;
    }
    return found !== undefined;
  };
  await until(look, () => `validator ${index} signed no certificate from ${after + 1} to ${looked}`);
  return found as number;
}

/** Asked for at once. */
const CHUNK = 64;

/** Throws unless all nodes have the same hash and state root at every height up to the lowest `latest`; returns that height. */
export async function requireOneChain(urls: readonly string[]): Promise<number> {
  const top = Math.min(...(await Promise.all(urls.map((url) => heightOf(url)))));
  for (let from = 0; from <= top; from += CHUNK) {
    const heights = Array.from({ length: Math.min(CHUNK, top + 1 - from) }, (_, i) => from + i);
    const asked = heights.map((height) => [`0x${height.toString(16)}`, false]);
    const columns = await Promise.all(urls.map((url) => rpcEach<Block>(url, "eth_getBlockByNumber", asked)));
    for (const [i, height] of heights.entries()) {
      const seen = new Set(columns.map((blocks) => `${blocks[i]?.hash} ${blocks[i]?.stateRoot}`));
      if (seen.size !== 1) throw new Error(`the validators differ at height ${height}: ${[...seen].join("; ")}`);
    }
  }
  return top;
}

export function receiptOf(url: string, hash: string): Promise<Receipt | null> {
  return rpc<Receipt | null>(url, "eth_getTransactionReceipt", hash);
}

/** Resolves with the receipts of all `hashes`. */
export async function receiptsOf(url: string, hashes: readonly string[]): Promise<Map<string, Receipt>> {
  const found = new Map<string, Receipt>();
  let missing = [...new Set(hashes)];
  const look = async () => {
    for (let from = 0; from < missing.length; from += CHUNK) {
      const asked = missing.slice(from, from + CHUNK).map((hash) => [hash]);
      for (const receipt of await rpcEach<Receipt | null>(url, "eth_getTransactionReceipt", asked))
        if (receipt !== null) found.set(receipt.transactionHash, receipt);
    }
    missing = missing.filter((hash) => !found.has(hash));
    return missing.length === 0;
  };
  await until(look, () => `accepted transaction ${missing[0]} is not included, ${found.size} of ${hashes.length} are`);
  return found;
}
