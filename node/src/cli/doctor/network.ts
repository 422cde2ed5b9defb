/** Ports, peers and the clock: what a node reaches, and who reaches it on this machine. */
import { connect, createServer } from "node:net";
import type { Multiaddr } from "@multiformats/multiaddr";
import { atMost, type Finding, judged } from "./finding.ts";

const REACH_MS = 3000;

type Place = { host: string; port: number };

/** Why not; undefined: somebody listens there. */
function unreachable({ host, port }: Place): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (reason?: string) => {
      socket.destroy();
      resolve(reason);
    };
    socket.setTimeout(REACH_MS, () => end(`no answer in ${REACH_MS / 1000} s`));
    socket.once("connect", () => end());
    socket.once("error", (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}

/** Why not; undefined: a node could listen there. */
function unlistenable({ host, port }: Place): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}

/** @param running a node holds the data directory */
export async function judgePort(name: string, place: Place, running: boolean): Promise<Finding> {
  const where = `${place.host}:${place.port}`;
  const own = { ...place, host: place.host === "0.0.0.0" ? "127.0.0.1" : place.host === "::" ? "::1" : place.host };
  const reason = running ? await unreachable(own) : await unlistenable(place);
  const remedy = running
    ? "Look whether the node has started, in its log; it listens there once it has."
    : "End what uses it, or choose another: noema config show --origin says where it stands.";
  const fine = running ? "answers" : "is free";
  return judged(`port ${name}`, reason === undefined ? "good" : "bad", `${where} ${reason === undefined ? fine : reason}`, remedy);
}

function placeOf(address: Multiaddr): Place | undefined {
  const parts = address.getComponents();
  const port = Number(parts.find((x) => x.name === "tcp")?.value);
  const host = parts[0]?.value;
  return host === undefined || !Number.isInteger(port) ? undefined : { host, port };
}

/** Of each peer one address that is reached, or why none is; `names`: of founders' nodes, by peer id. */
export async function judgePeers(
  peers: ReadonlyMap<string, readonly Multiaddr[]>,
  names?: ReadonlyMap<string, string>,
): Promise<Finding[]> {
  if (peers.size === 0) return [judged("peers", "warn", "none is named", "Name those of network.json: --network or p2p.peers.")];
  const remedy = "Ask its operator whether it runs, and look at firewalls between the two: its p2p port takes TCP.";
  return Promise.all(
    [...peers].map(async ([id, addresses]) => {
      const tried = await Promise.all(addresses.map(async (x) => ({ address: String(x), reason: await reasonOf(placeOf(x)) })));
      const reached = tried.find(({ reason }) => reason === undefined);
      const found = reached ? `${reached.address} answers` : tried.map(({ address, reason }) => `${address}: ${reason}`).join("; ");
      return judged(`peer ${names?.get(id) ?? id.slice(-8)}`, reached ? "good" : "warn", found, remedy);
    }),
  );
}

const reasonOf = (place: Place | undefined) => (place === undefined ? Promise.resolve("no host and TCP port") : unreachable(place));

/** Half a Δ of the default chain; certificates of TLS begin an hour before they are made. */
const [CLOCK_GOOD_MS, CLOCK_BAD_MS] = [1500, 10_000];

/** `offset` in ms: by how much the other's clock is ahead. The header Date has whole seconds, so less than one says nothing. */
export function clockOffset(date: string, askedAt: number, answeredAt: number): number | undefined {
  const said = Date.parse(date);
  if (Number.isNaN(said)) return undefined;
  const [earliest, latest] = [said - answeredAt, said + 1000 - askedAt];
  return earliest > 0 ? earliest : latest < 0 ? latest : 0;
}

/** Against the middle one of those that answer over HTTP. */
export async function judgeClock(urls: readonly string[], now: () => number = Date.now): Promise<Finding> {
  const offsets = (await Promise.all(urls.map((url) => offsetOf(url, now)))).filter((x) => x !== undefined).sort((a, b) => a - b);
  const offset = offsets[offsets.length >> 1];
  if (offset === undefined)
    return judged(
      "clock",
      "warn",
      "no other node's RPC answers to compare it with",
      "Name one by --rpc-urls; timedatectl tells whether NTP runs.",
    );
  const found = `${offset === 0 ? "within a second of" : `${Math.abs(offset / 1000).toFixed(1)} s ${offset > 0 ? "behind" : "ahead of"}`} ${offsets.length} others`;
  return judged(
    "clock",
    atMost(Math.abs(offset), CLOCK_GOOD_MS, CLOCK_BAD_MS),
    found,
    "Start NTP: timedatectl set-ntp true, or chrony. Blocks from the future are refused.",
  );
}

async function offsetOf(url: string, now: () => number): Promise<number | undefined> {
  const askedAt = now();
  try {
    const { headers } = await fetch(new URL("/livez", url), { signal: AbortSignal.timeout(REACH_MS) });
    return clockOffset(headers.get("date") ?? "", askedAt, now());
  } catch {
    return undefined;
  }
}
