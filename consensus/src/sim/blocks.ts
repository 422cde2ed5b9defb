/** Blocks and execution of a run: a block's hash covers its header, a result is a hash chain over final blocks. */
import { blockNumber } from "@noema/core/block-number";
import { concatBytes, equalBytes, u64le, utf8, ZERO_HASH } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { Hash } from "@noema/core/ports/bytes";
import type { DraftRequest } from "../engine/events.ts";
import type { Block, Header, HeaderExec } from "../types.ts";

export function blockOf(header: Header): Block {
  return { hash: hashOf(header), header, body: { certs: [], evidence: [], seals: [], depositsL1: [] } };
}

function hashOf(h: Header): Hash {
  const numbers = [
    h.epoch,
    h.view,
    h.height,
    h.timestampMs,
    h.proposer,
    h.payloadBytes,
    h.exec.height,
    h.l1Origin.number,
    h.blobBytes,
    Number(h.gasLimitSum),
  ].map(u64le);
  return sha256(concatBytes(...numbers, h.parentHash, h.randaoReveal, h.exec.stateRoot, h.validatorSetHash, h.nextValidatorSetHash));
}

export function execResult(height: number, stateRoot: Hash): HeaderExec {
  const roots = { stateRoot, receiptsRoot: stateRoot, skippedRoot: ZERO_HASH, systemRoot: ZERO_HASH };
  return { height, number: blockNumber(height), evmBlockHash: stateRoot, gasUsed: 0n, ...roots };
}

export function nextRoot(root: Hash, block: Block): Hash {
  return sha256(root, block.hash);
}

export const GENESIS_ROOT: Hash = sha256(utf8("state of genesis"));

const emptyRoots = { certsRoot: ZERO_HASH, evidenceRoot: ZERO_HASH, sealRoot: ZERO_HASH, depositsRoot: ZERO_HASH };

export function genesisBlock(setHash: Hash, timestampMs: number): Block {
  return blockOf({
    epoch: 0,
    view: 0,
    height: 0,
    parentHash: ZERO_HASH,
    timestampMs,
    proposer: 0,
    randaoReveal: new Uint8Array(96),
    ...emptyRoots,
    l1Origin: { number: 0, hash: ZERO_HASH },
    payloadBytes: 0,
    blobBytes: 0,
    gasLimitSum: 0n,
    exec: execResult(0, GENESIS_ROOT),
    validatorSetHash: setHash,
    nextValidatorSetHash: setHash,
  });
}

export function draftBlock(r: DraftRequest, exec: HeaderExec, randaoReveal: Uint8Array, payloadBytes: number): Block {
  return blockOf({
    epoch: r.epoch,
    view: r.view,
    height: r.height,
    parentHash: r.parent.hash,
    timestampMs: r.timestampMs,
    proposer: r.proposer,
    randaoReveal,
    ...emptyRoots,
    l1Origin: { number: Math.max(r.parent.header.l1Origin.number, r.height >> 1), hash: ZERO_HASH },
    payloadBytes,
    blobBytes: 0,
    gasLimitSum: 0n,
    exec,
    validatorSetHash: r.validatorSetHash,
    nextValidatorSetHash: r.nextValidatorSetHash,
  });
}

export function sameExec(a: HeaderExec, b: HeaderExec): boolean {
  return a.height === b.height && equalBytes(a.stateRoot, b.stateRoot) && equalBytes(a.receiptsRoot, b.receiptsRoot);
}
