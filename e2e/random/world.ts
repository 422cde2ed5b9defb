/** A chain of validators, a model of it, and perhaps an anvil that is asked the same; random operations keep the three together. */

import { rpc } from "../harness/devnet.ts";
import type { SeededRandom } from "../harness/random.ts";
import { until } from "../harness/wait.ts";
import type { Chain, State } from "./model.ts";
import type { Hex } from "./people.ts";
import type { Span } from "./span.ts";

/** As a running devnet has it. */
export type Net = { rpcUrls: readonly string[]; kill(index: number): Promise<void>; restart(index: number): Promise<void> };

export type Snapshot = { id: string; anvilId?: string; to: State; number: number; clock: Span; restarts: number; isLive: boolean };

export type World = {
  net: Net;
  /** Which validator is asked. */
  at: number;
  /** Of an anvil. */
  anvil?: string;
  random: SeededRandom;
  chain: Chain;
  auto: boolean;
  impersonated: boolean;
  everybody: boolean;
  snapshots: Snapshot[];
  /** A validator that is dead. */
  down?: number;
  restarts: number;
  /** Hash of each transaction that there was -> whether it is in the chain is asked of the model. */
  hashes: Set<Hex>;
};

export const isLone = ({ net }: World): boolean => net.rpcUrls.length === 1;
export const urlOf = ({ net, at }: World): string => net.rpcUrls[at] as string;

/** Of the validator that is asked. */
export function ask<T = Hex>(world: World, method: string, ...params: unknown[]): Promise<T> {
  return rpc<T>(urlOf(world), method, ...params);
}

export async function askAnvil<T = Hex>({ anvil }: World, method: string, ...params: unknown[]): Promise<T | undefined> {
  return anvil === undefined ? undefined : rpc<T>(anvil, method, ...params);
}

/** Ours answers; anvil is told the same. */
export async function tell<T = Hex>(world: World, method: string, ...params: unknown[]): Promise<T> {
  const answer = await ask<T>(world, method, ...params);
  await askAnvil(world, method, ...params);
  return answer;
}

export async function isRefused(asked: Promise<unknown>): Promise<string | undefined> {
  return asked.then(
    () => undefined,
    (error: Error & { data?: { code?: string } }) => error.data?.code ?? error.message,
  );
}

export function same(what: string, found: unknown, wanted: unknown): void {
  const text = (value: unknown) => JSON.stringify(value, (_, x) => (typeof x === "bigint" ? `${x}` : x));
  if (text(found) !== text(wanted)) throw new Error(`${what}: ${text(found)}, not ${text(wanted)}`);
}

export const hex = (value: bigint | number): Hex => `0x${value.toString(16)}`;

/** Resolves when that validator has what has been answered: it is asked from now on. Its state root is the other's, of operations behind the newest block too. */
export async function goTo(world: World, index: number): Promise<void> {
  const next = world.net.rpcUrls[index] as string;
  const wanted = await standingOf(urlOf(world));
  let found = "";
  await until(
    async () => {
      found = await standingOf(next);
      return found === wanted;
    },
    () => `validator ${index} stands at ${found}, not at ${wanted}`,
  );
  world.at = index;
}

/** Newest block, and the root of the state as it is now. */
async function standingOf(url: string): Promise<string> {
  const [{ number, hash }, { accountProof }] = await Promise.all([
    rpc<{ number: Hex; hash: Hex }>(url, "eth_getBlockByNumber", "latest", false),
    rpc<{ accountProof: Hex[] }>(url, "eth_getProof", `0x${"00".repeat(20)}`, [], "latest"),
  ]);
  return `${Number(number)} ${hash} ${accountProof[0]}`;
}
