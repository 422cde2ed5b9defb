import { createServer, type Server } from "node:net";
import type { NoemaError } from "@noema/core/errors";
import { listenError } from "@noema/node/listen-error";
import { devError } from "./errors.ts";

/** `count` ports of one host from `first` on, or free ones that the system picks where `first` is 0. */
export type PortRange = { flag: string; host: string; first: number; count: number };

const LAST_PORT = 65_535;

/** Where a listener stands that this process holds for a moment. */
type Held = { server: Server; port: number; flag: string };

/**
 * The ports of each range, checked to be free, all of them at once: two ranges that overlap are noticed, and a picked port is
 * in no other range. Throws DEV_PORT_IN_USE, which names the flag of every range with a port that is taken, HOST_UNUSABLE, LISTEN_FAILED.
 */
export async function claimPorts(ranges: readonly PortRange[]): Promise<number[][]> {
  const held: Held[] = [];
  const taken: Conflict[] = [];
  try {
    const claimed: number[][] = [];
    for (const range of ranges) {
      const ports = await claimRange(range, held);
      if (Array.isArray(ports)) claimed.push(ports);
      else taken.push(ports);
    }
    if (taken.length > 0) throw inUse(taken);
    return claimed;
  } finally {
    await Promise.all(held.map(({ server }) => new Promise((done) => server.close(done))));
  }
}

/** Its ports, or the first that cannot be had. */
async function claimRange(range: PortRange, held: Held[]): Promise<number[] | Conflict> {
  const ports: number[] = [];
  for (let i = 0; i < range.count; i++) {
    const port = range.first === 0 ? 0 : range.first + i;
    const rival = held.find((x) => x.port === port);
    if (rival !== undefined) return { range, port, reason: `is also one of ${rival.flag}` };
    if (port > LAST_PORT) return { range, port, reason: `lies beyond the last, ${LAST_PORT}` };
    const server = await listen(range, port);
    if (server === undefined) return { range, port, reason: "is taken by another process" };
    held.push({ server, port: (server.address() as { port: number }).port, flag: range.flag });
    ports.push(held.at(-1)?.port as number);
  }
  return ports;
}

type Conflict = { range: PortRange; port: number; reason: string };

/** All of them at once: whoever starts a second devnet beside a first needs every flag. */
function inUse(conflicts: readonly Conflict[]): NoemaError {
  const [{ port, range } = {} as Conflict] = conflicts;
  const said = conflicts.map((x) => `port ${x.port} on ${x.range.host} ${x.reason}: choose another with ${x.range.flag}`);
  const { host, flag } = range;
  return devError("DEV_PORT_IN_USE", `${said.join("; ")} (0 picks free ones)`, {
    port,
    host,
    flag,
    flags: conflicts.map((x) => x.range.flag),
  });
}

/** undefined: another process has it. */
function listen({ host, flag }: PortRange, port: number): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(undefined);
      else reject(listenError(flag, host, port, error));
    });
    server.listen({ port, host, exclusive: true }, () => resolve(server));
  });
}
