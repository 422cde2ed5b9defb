import { createServer, type Server } from "node:net";
import type { NoemaError } from "@noema/core/errors";
import { listenError } from "@noema/node/listen-error";
import { devError } from "./errors.ts";

/** `count` ports of one host from `first` on, or free ones that the system picks where `first` is 0. */
export type PortRange = { flag: string; host: string; first: number; count: number };

const LAST_PORT = 65_535;

/**
 * The ports of each range, checked to be free, all of them at once: two ranges that overlap are noticed, and a picked port is
 * in no other range. Throws DEV_PORT_IN_USE, HOST_UNUSABLE, LISTEN_FAILED.
 */
export async function claimPorts(ranges: readonly PortRange[]): Promise<number[][]> {
  const held: { server: Server; port: number; flag: string }[] = [];
  try {
    const claimed: number[][] = [];
    for (const range of ranges) {
      const ports: number[] = [];
      for (let i = 0; i < range.count; i++) {
        const port = range.first === 0 ? 0 : range.first + i;
        const rival = held.find((x) => x.port === port);
        if (rival !== undefined) throw inUse(range, port, `is also one of ${rival.flag}`);
        const server = await listen(range, port);
        held.push({ server, port: (server.address() as { port: number }).port, flag: range.flag });
        ports.push(held.at(-1)?.port as number);
      }
      claimed.push(ports);
    }
    return claimed;
  } finally {
    await Promise.all(held.map(({ server }) => new Promise((done) => server.close(done))));
  }
}

function inUse({ flag, host }: PortRange, port: number, reason: string): NoemaError {
  return devError("DEV_PORT_IN_USE", `port ${port} on ${host} ${reason}: choose another with ${flag}`, { port, host, flag });
}

function listen(range: PortRange, port: number): Promise<Server> {
  const { host } = range;
  return new Promise((resolve, reject) => {
    if (port > LAST_PORT) throw inUse(range, port, `lies beyond the last, ${LAST_PORT}`);
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(error.code === "EADDRINUSE" ? inUse(range, port, "is taken by another process") : listenError(range.flag, host, port, error));
    });
    server.listen({ port, host, exclusive: true }, () => resolve(server));
  });
}
