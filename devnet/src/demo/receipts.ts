/** Receipts of many transactions by one eye on the chain: each new block's receipts are asked for once, whoever waits for them. */
import type { Hex, PublicClient, TransactionReceipt } from "viem";
import { formatTransactionReceipt } from "viem";

const POLL_MS = 25;
const TIMEOUT_MS = 60_000;

export type Receipts = {
  /** Resolves when the transaction stands in `latest`; throws after a minute. */
  of(hash: Hex): Promise<TransactionReceipt>;
  stop(): void;
};

/** Sees blocks from the next one on: make it before anything is sent. */
export async function watchReceipts(client: PublicClient): Promise<Receipts> {
  const seen = new Map<Hex, TransactionReceipt>();
  const waiting = new Map<Hex, (receipt: TransactionReceipt) => void>();
  let height = await client.getBlockNumber({ cacheTime: 0 });
  let stopped = false;
  let failure: unknown;

  async function take(number: bigint): Promise<void> {
    const raw = await client.request({ method: "eth_getBlockReceipts", params: [`0x${number.toString(16)}`] } as never);
    for (const receipt of (raw as never[]).map((x) => formatTransactionReceipt(x))) {
      seen.set(receipt.transactionHash, receipt);
      waiting.get(receipt.transactionHash)?.(receipt);
    }
  }
  async function watch(): Promise<void> {
    while (!stopped) {
      for (const newest = await client.getBlockNumber({ cacheTime: 0 }); height < newest; ) await take(++height);
      await new Promise((done) => setTimeout(done, POLL_MS));
    }
  }
  watch().catch((error) => {
    failure = error;
  });
  return {
    of(hash) {
      const receipt = seen.get(hash);
      if (receipt !== undefined) return Promise.resolve(receipt);
      return new Promise((resolve, reject) => {
        const late = () => reject(failure ?? new Error(`transaction ${hash} is in no block after ${TIMEOUT_MS / 1000} s`));
        const timer = setTimeout(late, TIMEOUT_MS);
        waiting.set(hash, (found) => {
          clearTimeout(timer);
          resolve(found);
        });
      });
    },
    stop() {
      stopped = true;
    },
  };
}
