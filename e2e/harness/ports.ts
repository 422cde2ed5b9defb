/**
 * Ports that stay one devnet's own, also while one of its validators is down. They lie below those from which systems pick
 * (32768 and up on Linux), so that no connection of anybody takes one; a block of them is held by listening on its first
 * port, so that test runs side by side never share one.
 */
import { createServer, type Server } from "node:net";

const FIRST = 20_000;
const BLOCK = 64;
const BLOCKS = 190;
/** The devnet's limit. */
const MAX_VALIDATORS = 16;
const HOST = "127.0.0.1";

export type PortBlock = { rpc: number; metrics: number; p2p: number; release(): void };

export async function claimPorts(): Promise<PortBlock> {
  const start = Math.floor(Math.random() * BLOCKS);
  for (let i = 0; i < BLOCKS; i++) {
    const first = FIRST + ((start + i) % BLOCKS) * BLOCK;
    const holder = await listen(first);
    if (holder === undefined) continue;
    const [rpc, metrics, p2p] = [1, 2, 3].map((part) => first + part * MAX_VALIDATORS - MAX_VALIDATORS + 1) as [number, number, number];
    if (await areFree(rpc, 3 * MAX_VALIDATORS)) return { rpc, metrics, p2p, release: () => holder.close() };
    holder.close();
  }
  throw new Error(`no free block of ${BLOCK} ports from ${FIRST} to ${FIRST + BLOCK * BLOCKS}`);
}

async function areFree(first: number, count: number): Promise<boolean> {
  const servers = await Promise.all(Array.from({ length: count }, (_, i) => listen(first + i)));
  await Promise.all(servers.map((server) => server && new Promise((done) => server.close(done))));
  return servers.every((x) => x !== undefined);
}

function listen(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen({ port, host: HOST, exclusive: true }, () => {
      server.unref();
      resolve(server);
    });
  });
}
