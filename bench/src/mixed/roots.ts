/** Every validator's block at every height, as it comes: hash and state root must be the same. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Client, createClient } from "../load/observe/client.ts";

type Block = { hash: string; stateRoot: string };

export type Roots = { compared: number; differences: string[] };

const LOOK_MS = 1000;
/** Heights asked for at once. */
const CHUNK = 32;

/** The result resolves, once told to end, when every height up to then is compared. */
export async function watchRoots(urls: readonly string[]): Promise<() => Promise<Roots>> {
  const clients = await Promise.all(urls.map(createClient));
  const found: Roots = { compared: 0, differences: [] };
  let ending = false;
  const follow = async () => {
    for (let last = false; ; ) {
      last = ending;
      const heights = await Promise.all(clients.map((x) => x.ask<string>("eth_blockNumber")));
      const top = Math.min(...heights.map(Number));
      while (found.compared <= top) await compare(clients, found, Math.min(top, found.compared + CHUNK - 1));
      if (last) return;
      await sleep(LOOK_MS);
    }
  };
  const following = follow();
  following.catch(() => {}); // told by who ends it
  return async () => {
    ending = true;
    await following;
    for (const client of clients) client.close();
    return found;
  };
}

async function compare(clients: readonly Client[], found: Roots, to: number): Promise<void> {
  const heights = Array.from({ length: to - found.compared + 1 }, (_, i) => found.compared + i);
  const calls = heights.map((height) => ({ method: "eth_getBlockByNumber", params: [`0x${height.toString(16)}`, false] }));
  const columns = await Promise.all(clients.map((x) => x.askAll<Block>(calls)));
  for (const [i, height] of heights.entries()) {
    const seen = columns.map((blocks) => `${blocks[i]?.hash} ${blocks[i]?.stateRoot}`);
    if (new Set(seen).size !== 1) found.differences.push(`height ${height}: ${seen.join("; ")}`);
  }
  found.compared = to + 1;
}
