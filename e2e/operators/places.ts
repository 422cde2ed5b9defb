/** Where operators' nodes run: all on this machine's loopback with ports of their own, or each in a network namespace, as on a machine of its own. */
import { execFileSync, spawnSync } from "node:child_process";
import { claimPortBlock } from "@noema/node/testing/port-block";

export type Places = {
  addressOf(n: number): string;
  /** kind 0: RPC, 1: metrics, 2: peers. */
  portOf(kind: number, n: number): number;
  /** What a command of operator n begins with. */
  prefix(n: number): readonly string[];
  leave(): void;
};

const FIRST_PORTS = [8545, 9545, 9645];

export async function onLoopback(nodes: number): Promise<Places> {
  const { ports, release } = await claimPortBlock(3 * nodes);
  return {
    addressOf: () => "127.0.0.1",
    portOf: (kind, n) => (ports[0] as number) + kind * nodes + n - 1,
    prefix: () => [],
    leave: release,
  };
}

export type Namespaces = Places & {
  /** The cable of operator n: pulled out, it hears nobody and nobody hears it. */
  cable(n: number, isIn: boolean): void;
};

const ip = (...args: string[]) => execFileSync("ip", args, { stdio: ["ignore", "ignore", "pipe"] });

/** They take root, and Linux's `ip`. */
export function hasNamespaces(): boolean {
  return process.getuid?.() === 0 && spawnSync("ip", ["netns", "list"]).status === 0;
}

/** A bridge, on which this process is .254, and a namespace for each operator, who is .n; names are this process's own. */
export function inNamespaces(nodes: number): Namespaces {
  const id = process.pid.toString(36);
  const bridge = `noema${id}`;
  const net = `10.213.${process.pid % 256}`;
  const name = (n: number) => `noema${id}-${n}`;
  const cableOf = (n: number) => `nm${id}-${n}`;
  const all = Array.from({ length: nodes }, (_, i) => i + 1);
  ip("link", "add", bridge, "type", "bridge");
  ip("address", "add", `${net}.254/24`, "dev", bridge);
  ip("link", "set", bridge, "up");
  for (const n of all) {
    ip("netns", "add", name(n));
    ip("link", "add", cableOf(n), "type", "veth", "peer", "name", "eth0", "netns", name(n));
    ip("link", "set", cableOf(n), "master", bridge, "up");
    ip("-n", name(n), "address", "add", `${net}.${n}/24`, "dev", "eth0");
    for (const device of ["lo", "eth0"]) ip("-n", name(n), "link", "set", device, "up");
  }
  return {
    addressOf: (n) => `${net}.${n}`,
    portOf: (kind, n) => (FIRST_PORTS[kind] as number) + n - 1,
    prefix: (n) => ["ip", "netns", "exec", name(n), "env", `NOEMA_RPC_HOST=${net}.${n}`],
    cable: (n, isIn) => void ip("link", "set", cableOf(n), isIn ? "up" : "down"),
    leave() {
      for (const n of all) ip("netns", "delete", name(n)); // their ends of the cables go with them
      ip("link", "delete", bridge);
    },
  };
}
