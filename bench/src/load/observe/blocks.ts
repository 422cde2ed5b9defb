/**
 * Follows the blocks of a node and notes when each transaction of the load was seen in one. Where the node has a WebSocket it says
 * itself that there is a block; a look every POLL_MS is what remains without.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "./client.ts";

export type SeenBlock = {
  number: number;
  /** Milliseconds of performance.now() at which it was seen. */
  at: number;
  /** Transactions of the load in it. */
  own: number;
  all: number;
  gasUsed: number;
};

export type Observer = {
  blocks: SeenBlock[];
  /** By index: when it was seen in a block; NaN: not yet. */
  included: Float64Array;
  /** By index: number of its block. */
  height: Float64Array;
  count(): number;
  /** Rejects when the node does not answer any more. */
  failed: Promise<never>;
  stop(): Promise<void>;
};

type RpcBlock = { number: string; transactions: string[]; gasUsed: string };

const POLL_MS = 20;
/** With somebody to say so; a look in case it was not said. */
const SAID_MS = 200;
/** For a WebSocket to open; what takes longer may be no WebSocket at all. */
const OPENED_MS = 5000;

export type ObserveOptions = { client: Client; wsUrl: string | undefined; indexOf: ReadonlyMap<string, number>; size: number };

/** Resolves when it follows: blocks after the newest of now count. */
export async function observeBlocks({ client, wsUrl, indexOf, size }: ObserveOptions): Promise<Observer> {
  let next = Number(await client.ask<string>("eth_blockNumber")) + 1;
  const blocks: SeenBlock[] = [];
  const included = new Float64Array(size).fill(Number.NaN);
  const height = new Float64Array(size).fill(Number.NaN);
  let count = 0;
  let stopped = false;
  let wake = () => {};
  const bell = wsUrl === undefined ? undefined : await subscribe(wsUrl, () => wake());

  function take(block: RpcBlock): void {
    const at = performance.now();
    let own = 0;
    for (const hash of block.transactions) {
      const i = indexOf.get(hash);
      if (i === undefined) continue;
      own++;
      included[i] = at;
      height[i] = next;
    }
    count += own;
    blocks.push({ number: next, at, own, all: block.transactions.length, gasUsed: Number(block.gasUsed) });
    next++;
  }

  async function follow(): Promise<void> {
    while (!stopped) {
      const rung = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const block = await client.ask<RpcBlock | null>("eth_getBlockByNumber", `0x${next.toString(16)}`, false);
      if (block !== null) take(block);
      else await Promise.race([rung, sleep(bell === undefined ? POLL_MS : SAID_MS)]);
    }
  }

  const following = follow();
  return {
    blocks,
    included,
    height,
    count: () => count,
    failed: following.then(() => new Promise<never>(() => {})),
    async stop() {
      stopped = true;
      wake();
      bell?.close();
      await following.catch(() => {});
    },
  };
}

/** Undefined where the node takes no subscription. */
async function subscribe(url: string, heard: () => void): Promise<{ close(): void } | undefined> {
  const socket = new WebSocket(url);
  const opened = await new Promise<boolean>((resolve) => {
    socket.onopen = () => resolve(true);
    socket.onerror = () => resolve(false);
    setTimeout(() => resolve(false), OPENED_MS).unref();
  });
  if (!opened) {
    socket.close();
    return undefined;
  }
  socket.onmessage = heard;
  socket.send('{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["newHeads"]}');
  return socket;
}
