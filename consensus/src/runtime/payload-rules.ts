/**
 * Rules for a block's availability certificates (consensus.md 2.4), the part that needs no signature check:
 * - includable iff refHeight < h <= refHeight + K, with an epoch of e or e−1, and not in the last K ancestors;
 * - ordered by sha256(parentHash ‖ u64le publisher), then seq (then kind and id, so that the order is total): not the leader's choice;
 * - sums within their caps; no certificate while h − exec.height > 2D, so consensus slows to execution's speed.
 */
import { compareBytes, u64le } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { Hash, Height } from "@noema/core/ports/bytes";
import type { AvailabilityCert } from "@noema/core/ports/data";
import type { ConsensusOptions } from "../options.ts";
import { MAX_CERTS } from "../wire/block.ts";
import { certificateKey } from "./certificate-key.ts";

export type PayloadContext = {
  epoch: number;
  height: Height;
  parentHash: Hash;
  execHeight: Height;
  /** True when an ancestor within the last K heights includes the id (hex). */
  included: (id: string) => boolean;
};
export type PayloadSums = { payloadBytes: number; blobBytes: number; gasLimitSum: bigint };
type Limits = Pick<ConsensusOptions, "inclusionWindow" | "maxPayloadBytes" | "maxBlobBytes" | "maxGas" | "execLag" | "dev">;

/** Reason why the certificate cannot stand in the block at all; undefined when it can. */
function notIncludable(cert: AvailabilityCert, c: PayloadContext, limits: Limits): string | undefined {
  const { header } = cert;
  if (cert.kind === "seal") return "a seal among the certificates";
  if (cert.kind === "system" && !limits.dev) return "operations on a chain whose genesis does not say dev";
  if (header.epoch !== c.epoch && header.epoch !== c.epoch - 1) return `certificate of epoch ${header.epoch} in epoch ${c.epoch}`;
  if (header.refHeight >= c.height || c.height > header.refHeight + limits.inclusionWindow)
    return `certificate with refHeight ${header.refHeight} at height ${c.height}`;
  if (c.included(certificateKey(cert))) return "a certificate that an ancestor includes";
  return undefined;
}

export function sumPayload(certs: readonly AvailabilityCert[], before?: PayloadSums): PayloadSums {
  const sums: PayloadSums = { payloadBytes: 0, blobBytes: 0, gasLimitSum: 0n, ...before };
  for (const { kind, header } of certs) {
    if (kind === "blob") sums.blobBytes += header.bytes;
    else sums.payloadBytes += header.bytes;
    sums.gasLimitSum += header.gasLimitSum;
  }
  return sums;
}

export function orderCerts(parentHash: Hash, certs: readonly AvailabilityCert[]): AvailabilityCert[] {
  const ranks = new Map<number, Hash>();
  for (const { header } of certs)
    if (!ranks.has(header.publisher)) ranks.set(header.publisher, sha256(parentHash, u64le(header.publisher)));
  const rank = (cert: AvailabilityCert) => ranks.get(cert.header.publisher) as Hash;
  return [...certs].sort(
    (a, b) =>
      compareBytes(rank(a), rank(b)) ||
      a.header.seq - b.header.seq ||
      (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : compareBytes(a.header.id, b.header.id)),
  );
}

/** The first fault of a block's certificates; undefined when there is none. */
export function payloadFault(certs: readonly AvailabilityCert[], c: PayloadContext, limits: Limits): string | undefined {
  if (certs.length > 0 && isExecutionBehind(c, limits)) return `certificates while execution is at height ${c.execHeight} of ${c.height}`;
  const keys = new Set<string>();
  for (const cert of certs) {
    const reason = notIncludable(cert, c, limits);
    if (reason !== undefined) return reason;
    keys.add(certificateKey(cert));
  }
  if (keys.size !== certs.length) return "a certificate stands twice";
  if (orderCerts(c.parentHash, certs).some((cert, i) => cert !== certs[i])) return "certificates out of order";
  return exceeds(sumPayload(certs), limits) ? "payload above a cap" : undefined;
}

/** The includable candidates, oldest first as given, cut where a cap is reached, in their order. */
export function selectCerts(candidates: readonly AvailabilityCert[], c: PayloadContext, limits: Limits): AvailabilityCert[] {
  if (isExecutionBehind(c, limits)) return [];
  const taken: AvailabilityCert[] = [];
  const keys = new Set<string>();
  let sums = sumPayload([]);
  for (const cert of candidates) {
    if (taken.length === MAX_CERTS) break;
    const key = certificateKey(cert);
    if (keys.has(key) || notIncludable(cert, c, limits) !== undefined) continue;
    const next = sumPayload([cert], sums);
    if (exceeds(next, limits)) continue;
    sums = next;
    taken.push(cert);
    keys.add(key);
  }
  return orderCerts(c.parentHash, taken);
}

/** More than 2D: blocks stay empty until it has caught up. */
export function isExecutionBehind(c: PayloadContext, limits: Limits): boolean {
  return c.height - c.execHeight > 2 * limits.execLag;
}

function exceeds(sums: PayloadSums, limits: Limits): boolean {
  return sums.payloadBytes > limits.maxPayloadBytes || sums.blobBytes > limits.maxBlobBytes || sums.gasLimitSum > BigInt(limits.maxGas);
}
