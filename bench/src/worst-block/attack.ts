/** What the search goes through: kinds of attack, each with numbers that can be chosen. */
import { bigIntToBytes, concatBytes } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { type Chain, type Sent, TRANSACTION_GAS } from "./chain.ts";
import { type Fragment, loop } from "./code.ts";
import { VAULT } from "./state.ts";

/** What is paid for. Everything but "opcodes" has to keep the promise of the gas limit (docs/protocol/worst-block.md). */
export type Group =
  | "opcodes"
  | "frames"
  | "precompiles"
  | "inference"
  | "authorizations"
  | "access lists"
  | "cold state"
  | "written state"
  | "init code"
  | "logs"
  | "calldata"
  | "transactions";

export type Axes = Readonly<Record<string, readonly number[]>>;
export type Point = Readonly<Record<string, number>>;

export type Attack = {
  name: string;
  group: Group;
  /** What may be chosen; the first of each is what is tried first. */
  axes: Axes;
  /** Transactions of about that much gas in all. What it deploys exists before they run. */
  build(point: Point, chain: Chain, gas: number): Sent[];
};

export function word(value: bigint | number): Bytes {
  return bigIntToBytes(BigInt(value), 32);
}

export function number(bytes: Bytes): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
}

/** Numbers of a point are there by construction. */
export function at(point: Point, axis: string): number {
  return point[axis] as number;
}

export type Program = {
  name: string;
  group: Group;
  axes?: Axes;
  /** Runs on VAULT's storage. */
  vault?: boolean;
  /** Axes of the loop: ends by running out, or in time. Default both. */
  keep?: readonly number[];
  fragment(point: Point, chain: Chain): Fragment & { data?: Bytes; start?: bigint };
};

/** Gas of one transaction of an attack: the cap, or an even part of what is asked for. */
export function split(gas: number): bigint[] {
  const count = Math.ceil(gas / TRANSACTION_GAS);
  return Array<bigint>(count).fill(BigInt(Math.floor(gas / count)));
}

/** EIP-7623. */
function floorGas(data: Bytes): number {
  return data.reduce((sum, byte) => sum + (byte === 0 ? 10 : 40), 21_000);
}

/** Left for the loop where the data takes most of the gas. */
const LEAST_LOOP = 100_000;

export function sendTo(contract: Bytes, chain: Chain, gas: number, o: { vault?: boolean; data?: Bytes; start?: bigint } = {}): Sent[] {
  return split(gas).map((share) => {
    const data = concatBytes(word(number(contract)), word(o.start ?? chain.fresh()), o.data ?? new Uint8Array(0));
    return { to: o.vault ? VAULT : contract, gasLimit: BigInt(Math.max(Number(share), floorGas(data) + LEAST_LOOP)), data };
  });
}

/** One fragment in a loop, as an attack. */
export function program({ name, group, axes = {}, vault, keep = [0, 1], fragment }: Program): Attack {
  return {
    name,
    group,
    axes: { ...axes, unroll: [8, 1, 64], keep },
    build(point, chain, gas) {
      const { data, start, ...part } = fragment(point, chain);
      // EIP-170 leaves room for the loop around the bodies.
      const unroll = Math.max(1, Math.min(at(point, "unroll"), Math.floor(23_000 / part.body.length)));
      const contract = chain.deploy(loop([part], { unroll, keep: at(point, "keep") === 1 }));
      return sendTo(contract, chain, gas, { vault, data, start });
    },
  };
}
