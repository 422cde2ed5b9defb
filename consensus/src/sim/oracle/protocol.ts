/**
 * The formulas of consensus.md 2.1 and 2.2 written down a second time, from the page and not from the engine: a mistake in one of
 * the two shows up as a difference.
 */
import { concatBytes, toHex, u64le, utf8 } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { Hash } from "@noema/core/ports/bytes";
import type { Cert, UnsignedVote } from "../../types.ts";

function weighs(weights: readonly bigint[], signers: Iterable<number>): bigint {
  let sum = 0n;
  for (const i of new Set(signers)) sum += weights[i] ?? 0n;
  return sum;
}

/** 3 w(S) > 2 W. */
export function quorum(weights: readonly bigint[], signers: Iterable<number>): boolean {
  return 3n * weighs(weights, signers) > 2n * weighs(weights, weights.keys());
}

/** 3 w(S) > W: at least one of S is honest. */
export function third(weights: readonly bigint[], signers: Iterable<number>): boolean {
  return 3n * weighs(weights, signers) > weighs(weights, weights.keys());
}

/** Leaders of an epoch: Fisher-Yates, then smooth weighted round-robin over quantised slots. */
export function leaders(weights: readonly bigint[], seed: Hash): number[] {
  const n = weights.length;
  const length = Math.max(64, 4 * n);
  const order = [...weights.keys()];
  for (let step = 0; step < n - 1; step++) {
    const at = n - 1 - step;
    const digest = sha256(concatBytes(seed, u64le(step)));
    let value = 0n;
    for (let byte = 7; byte >= 0; byte--) value = (value << 8n) | BigInt(digest[byte] as number);
    const other = Number(value % BigInt(at + 1));
    const moved = order[at] as number;
    order[at] = order[other] as number;
    order[other] = moved;
  }
  const total = weighs(weights, weights.keys());
  const share = order.map((i) => Number(((weights[i] as bigint) * BigInt(length)) / total));
  const rest = order.map((i) => ((weights[i] as bigint) * BigInt(length)) % total);
  for (let left = length - share.reduce((a, b) => a + b, 0); left > 0; left--) {
    let most = 0;
    for (let k = 1; k < n; k++) if ((rest[k] as bigint) > (rest[most] as bigint)) most = k;
    rest[most] = -1n;
    share[most] = (share[most] as number) + 1;
  }
  const credit = order.map(() => 0);
  const out: number[] = [];
  while (out.length < length) {
    for (let k = 0; k < n; k++) credit[k] = (credit[k] as number) + (share[k] as number);
    const best = credit.indexOf(Math.max(...credit));
    credit[best] = (credit[best] as number) - length;
    out.push(order[best] as number);
  }
  return out;
}

/** Randomness of genesis and of each height; seeds of epochs 0 and 1 from genesis, of e + 2 from the mix after the last block of e. */
export type Randomness = { mixes: Hash[]; seeds: Hash[] };

export function randomnessOf(genesisHash: Hash): Randomness {
  return { mixes: [sha256(utf8("noema/1/mix"), genesisHash)], seeds: [seedOf(genesisHash, 0), seedOf(genesisHash, 1)] };
}

function seedOf(entropy: Hash, epoch: number): Hash {
  return sha256(utf8("noema/1/seed"), u64le(epoch), entropy);
}

export function addReveal(r: Randomness, reveal: Uint8Array, epochLength: number): void {
  const mix = sha256(r.mixes[r.mixes.length - 1] as Hash, reveal);
  r.mixes.push(mix);
  const height = r.mixes.length - 1;
  if (height % epochLength === 0) r.seeds.push(seedOf(mix, height / epochLength + 1));
}

/** T1 and T2 for a back-off of k. */
export function timeouts(interval: number, deltaMs: number, k: number): { t1: number; t2: number } {
  const b = 1.5 ** k;
  return { t1: Math.min(60_000, Math.ceil(interval + 2 * deltaMs * b)), t2: Math.min(60_000, Math.ceil(interval + 3 * deltaMs * b)) };
}

export function hex(hash: Uint8Array | undefined): string {
  return hash === undefined ? "" : toHex(hash);
}

export function voteName(v: UnsignedVote): string {
  return `${v.kind}/${v.epoch}/${v.view}/${hex(v.hash)}`;
}

export function certName(c: Cert): string {
  return `${voteName(c)}/${hex(c.bitmap)}/${hex(c.signature)}`;
}
