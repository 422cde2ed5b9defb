/**
 * Ports that stay a test's own, also while nobody listens on them. They lie below those from which systems pick (32768 and up on
 * Linux), so that no connection of anybody takes one; a block of them is held by listening on its first port, so that test runs
 * side by side never share one.
 */
import { createServer, type Server } from "node:net";

const FIRST = 20_000;
const BLOCK = 64;
const BLOCKS = 190;
const HOST = "127.0.0.1";

export type PortBlock = { ports: readonly number[]; release(): void };

/** `count` ports in a row, at most 63. */
export async function claimPortBlock(count: number): Promise<PortBlock> {
  const start = Math.floor(Math.random() * BLOCKS);
  for (let i = 0; i < BLOCKS; i++) {
    const first = FIRST + ((start + i) % BLOCKS) * BLOCK;
    const holder = await listen(first);
    if (holder === undefined) continue;
    const ports = Array.from({ length: count }, (_, n) => first + 1 + n);
    if (await areFree(ports)) return { ports, release: () => holder.close() };
    holder.close();
  }
  throw new Error(`no free block of ${BLOCK} ports from ${FIRST} to ${FIRST + BLOCK * BLOCKS}`);
}

async function areFree(ports: readonly number[]): Promise<boolean> {
  const servers = await Promise.all(ports.map(listen));
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
