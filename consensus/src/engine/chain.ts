/** The chain above the tip: blocks by hash, what is missing of it, and giving it out once it is final. */
import { equalBytes } from "@noema/core/bytes";
import type { PublicKeyHex } from "@noema/core/ports/signing";
import { bitmapIndexes } from "@noema/core/quorum";
import { publicKeysOf } from "@noema/core/validator-index";
import type { Block, Cert } from "../types.ts";
import { LIMITS } from "../types.ts";
import type { FinalizedBlock } from "./events.ts";
import { pick } from "./random.ts";
import { advanceBeacon } from "./seed.ts";
import { blockByHash, type Context, isBoundary, keyOf, others, type State, unfinalizedChain } from "./state.ts";
import { blockCert } from "./walk.ts";

/** Emits the blocks up to the newest F, in order, each once. True when the last height of the epoch is among them. */
export function finalizeChain(ctx: Context): boolean {
  const { s } = ctx;
  const cert = s.finalizedCert;
  if (cert?.hash === undefined || s.diverged || equalBytes(cert.hash, s.tip.hash)) return false;
  const last = s.blocks.get(keyOf(cert.hash));
  const chain = last && unfinalizedChain(s, last);
  if (chain === undefined || last === undefined) {
    if (last !== undefined) checkDivergence(ctx, last, cert);
    return false;
  }
  const blocks = chain.reverse().map((block) => finalized(s, block, certOf(s, block) ?? (block === last ? cert : undefined)));
  s.tip = last;
  for (const [key, block] of s.blocks) {
    if (block.header.height > last.header.height) continue;
    s.blocks.delete(key);
    s.persisted.delete(key);
    s.wanted.delete(key);
  }
  ctx.out.push({ type: "Finalize", blocks });
  ctx.dirty = true;
  return isBoundary(s, last.header.height);
}

function finalized(s: State, block: Block, cert: Cert | undefined): FinalizedBlock {
  const { header } = block;
  s.beacon = advanceBeacon(s.beacon, header.randaoReveal, header.epoch, isBoundary(s, header.height));
  return { block, prevRandao: s.beacon.mix, cert, beacon: s.beacon };
}

function certOf(s: State, block: Block): Cert | undefined {
  const cert = s.finalizedCert;
  return cert?.hash !== undefined && equalBytes(cert.hash, block.hash) ? cert : undefined;
}

/** A final block whose chain passes beside the tip: more than a third of the stake is faulty. Nothing more is done. */
function checkDivergence(ctx: Context, last: Block, cert: Cert): void {
  const { s } = ctx;
  let at: Block | undefined = last;
  while (at !== undefined && at.header.height > s.tip.header.height + 1) at = s.blocks.get(keyOf(at.header.parentHash));
  if (at === undefined) return;
  s.diverged = true;
  ctx.out.push({ type: "Diverged", cert });
}

/** Records which blocks are missing below the certificates held, with the signers who have them. */
export function findMissingBlocks(s: State): void {
  const needed = new Set<string>();
  const certs = [s.finalizedCert, ...[...s.rounds.keys()].map((view) => blockCert(s, view))];
  for (const cert of certs) {
    if (cert?.hash === undefined) continue;
    const hash = missingBelow(s, cert.hash);
    if (hash === undefined) continue;
    needed.add(keyOf(hash));
    if (!s.wanted.has(keyOf(hash))) s.wanted.set(keyOf(hash), { hash, signers: signersOf(s, cert) });
  }
  for (const key of s.wanted.keys()) if (!needed.has(key)) s.wanted.delete(key);
}

function missingBelow(s: State, from: Uint8Array): Uint8Array | undefined {
  let hash = from;
  for (;;) {
    const block = blockByHash(s, hash);
    if (block === undefined) return hash;
    if (block.header.height <= s.tip.header.height + 1) return undefined;
    hash = block.header.parentHash;
  }
}

function signersOf(s: State, cert: Cert): PublicKeyHex[] {
  const keys = publicKeysOf(s.set);
  const signers = bitmapIndexes(cert.bitmap, keys.length) ?? [];
  return signers.map((i) => keys[i] as PublicKeyHex).filter((key) => key !== s.config.self);
}

/** At once, then every 3Δ a random signer, which may be a different one each time. */
export function askForBlocks(ctx: Context): void {
  const { s } = ctx;
  s.timers.delete("blocks");
  if (s.config.params.controls?.noBlockFetch) return;
  const period = 3 * s.config.params.deltaMs;
  for (const wanted of s.wanted.values()) {
    if (wanted.askedAt === undefined || wanted.askedAt + period <= ctx.now) {
      wanted.askedAt = ctx.now;
      const request = { type: "GetBlocks", hash: wanted.hash, count: LIMITS.blocks, above: s.tip.header.height } as const;
      for (const to of pick(s.random, wanted.signers.length > 0 ? wanted.signers : others(s), 1))
        ctx.out.push({ type: "Fetch", to, request });
    }
    const next = wanted.askedAt + period;
    s.timers.set("blocks", Math.min(next, s.timers.get("blocks") ?? next));
  }
}

/** Only what was asked for. The parent, when it is missing too, is probably in the same answer: it inherits the time of asking. */
export function blockArrived(ctx: Context, block: Block): void {
  const { s } = ctx;
  const wanted = s.wanted.get(keyOf(block.hash));
  if (wanted === undefined) return;
  s.wanted.delete(keyOf(block.hash));
  s.blocks.set(keyOf(block.hash), block);
  ctx.dirty = true;
  const { parentHash, height } = block.header;
  if (height > s.tip.header.height + 1 && blockByHash(s, parentHash) === undefined)
    s.wanted.set(keyOf(parentHash), { ...wanted, hash: parentHash });
}
