/**
 * The publishing side of the payload lane. A batch is sent to every validator at once while its own record is fsynced; the own
 * signature follows the fsync; at a quorum the certificate goes to all. So a batch is certified one round trip and one
 * fsync after its first transaction. Behind a batch that was not full what comes waits (pace.ts). What stays uncertified is re-sent with back-off to those that have not signed, and gives
 * its transactions back when no certificate could be included any more.
 */
import { toHex } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import type { AvailabilityCert, AvailabilityHeader } from "@noema/core/ports/data";
import type { Peer, Verdict } from "@noema/core/ports/network";
import type { Signer, ValidatorSet } from "@noema/core/ports/signing";
import { availabilityBody } from "@noema/core/types/availability";
import { indexOf } from "@noema/core/validator-index";
import { MAX_BATCH_BYTES } from "../limits.ts";
import type { PayloadLaneOptions } from "../options.ts";
import { headerKey } from "../shared/cert-pool.ts";
import { isExpired } from "../shared/epochs.ts";
import { createGatherer, type Gatherer } from "../shared/gather.ts";
import type { Quota } from "../shared/quota.ts";
import { createSequence } from "../shared/sequence.ts";
import { OK } from "../shared/verdict.ts";
import { batchId, encodeBatch, type PayloadKind } from "./batch.ts";
import type { PayloadLaneDeps } from "./deps.ts";
import { decodeSignature, FRAME_OF } from "./frames.ts";
import type { PayloadJournal, SignedBatch } from "./journal.ts";
import { createPace } from "./pace.ts";
import type { SidecarShare } from "./sidecar-share.ts";

type Pending = {
  key: string;
  kind: PayloadKind;
  header: AvailabilityHeader;
  set: ValidatorSet;
  frame: Bytes;
  gatherer: Gatherer;
  startedMs: number;
  backoffMs: number;
  cancelResend: () => void;
};

export type Publisher = {
  /** Transactions may have come, or room for them. */
  wake(): void;
  onSignature(from: Peer, frame: Bytes): Promise<Verdict>;
  onPeer(peer: Peer): void;
  /** Gives back what can no longer be certified. */
  dropExpired(): void;
  /** Own batches found in the journal that were neither certified nor included. */
  resume(batches: readonly SignedBatch[]): void;
  pending(): number;
  stop(): Promise<void>;
};

type Taken = { kind: PayloadKind; txs: Bytes[]; senders?: readonly Bytes[]; gas: bigint; giveBack(): void };

export type PublisherParts = {
  options: PayloadLaneOptions;
  deps: PayloadLaneDeps;
  signer: Signer;
  journal: PayloadJournal;
  quota: Quota;
  sidecars: SidecarShare;
  onCertified: (key: string, cert: AvailabilityCert) => void;
  /** Own batches that are certified and not in a block yet. */
  waiting(): number;
  /** It can no longer be included. */
  giveUp(batch: SignedBatch): void;
};

export function createPublisher({
  options,
  deps,
  signer,
  journal,
  quota,
  sidecars,
  onCertified,
  waiting,
  giveUp,
}: PublisherParts): Publisher {
  const { network, clock, source, logger } = deps;
  const pending = new Map<string, Pending>();
  const sequence = createSequence(journal.reservedEnd(), (end) => journal.reserve(end));
  const certifySeconds = deps.metrics.histogram(
    "noema_da_batch_certify_seconds",
    "From a batch's making to its certificate",
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  );
  const pace = createPace(options, clock, () => pending.size + waiting() > 0);
  /** Of the next batch. */
  let cutAtMs = Number.POSITIVE_INFINITY;
  let cancelCut = () => {};
  let working: Promise<void> | undefined;
  let again = false;
  let stopped = false;

  const placeOf = (set: ValidatorSet) => indexOf(set, signer.publicKey);

  function wake(): void {
    const delayMs = deps.validatorSet().members.length === 1 ? 0 : options.batchDelayMs;
    const atMs = Math.max(pace.heldUntilMs(), clock.nowMs() + delayMs);
    if (stopped || atMs >= cutAtMs) return;
    cancelCut();
    cutAtMs = atMs;
    if (atMs <= clock.nowMs()) cut();
    else cancelCut = clock.after(atMs - clock.nowMs(), cut);
  }

  function cut(): void {
    cutAtMs = Number.POSITIVE_INFINITY;
    drain();
  }

  function drain(): void {
    if (working !== undefined) {
      again = true;
      return;
    }
    working = publishAll()
      .catch((error) => logger.log("error", "publishing a batch failed", { error: String(error) }))
      .finally(() => {
        working = undefined;
        if (!again) return;
        again = false;
        wake();
      });
  }

  async function publishAll(): Promise<void> {
    while (!stopped && pending.size < options.maxPending) {
      if (pace.heldUntilMs() > clock.nowMs()) return wake();
      const set = deps.validatorSet();
      // a lone validator contradicts nobody: its numbers are fresh, and without its batches no epoch passes
      const own = placeOf(set);
      if (own === undefined || (set.members.length > 1 && journal.signed.isBarred(set.epoch))) return;
      const seq = await nextSeq();
      const taken = stopped ? undefined : take();
      if (taken === undefined) {
        spareSeq = seq;
        return;
      }
      try {
        if (await hasLost(taken)) {
          spareSeq = seq;
          continue;
        }
        if (!stopped && publish(set, own, seq, taken)) continue;
      } catch (error) {
        taken.giveBack();
        throw error;
      }
      spareSeq = seq;
      taken.giveBack();
      return;
    }
  }

  /** Then all of them went back, but for those that nobody would sign. */
  async function hasLost({ kind, txs, giveBack }: Taken): Promise<boolean> {
    const lost = kind === "batch" ? await sidecars.lost(txs) : [];
    if (lost.length === 0) return false;
    source.discard(lost);
    giveBack();
    return true;
  }

  /** Operations come before transactions. */
  function take(): Taken | undefined {
    const operations = deps.operations?.take(MAX_BATCH_BYTES);
    if (operations !== undefined)
      return { kind: "system", txs: operations, gas: 0n, giveBack: () => deps.operations?.giveBack(operations) };
    const taken = source.take(MAX_BATCH_BYTES, BigInt(options.maxBatchGas));
    return taken && { ...taken, kind: "batch", giveBack: () => source.giveBack(taken.txs) };
  }

  // A number drawn for an empty pool was never sent: it serves the next batch.
  let spareSeq: number | undefined;
  async function nextSeq(): Promise<number> {
    const seq = spareSeq ?? (await sequence.next());
    spareSeq = undefined;
    return seq;
  }

  /** False: the quota is used up until the next window of heights. */
  function publish(set: ValidatorSet, own: number, seq: number, { kind, txs, senders, gas }: Taken): boolean {
    let bytes = 0;
    for (const tx of txs) bytes += tx.length;
    const refHeight = deps.finalizedHeight();
    if (!quota.charge(set, own, bytes, refHeight) || !sidecars.charge(set, own, txs, refHeight)) return false;
    const id = batchId(txs);
    const header = { epoch: set.epoch, publisher: own, seq, refHeight, bytes, gasLimitSum: gas, expiry: 0, id };
    const frame = encodeBatch(FRAME_OF[kind], { header, txs });
    journal.addBatch(frame, { header, txs, senders }, kind);
    pace.published(header, kind === "batch" ? txs.length : 0);
    disperse({ kind, header }, set, frame);
    return true;
  }

  function disperse({ kind, header }: SignedBatch, set: ValidatorSet, frame: Bytes): void {
    const key = headerKey(header);
    const onBad = (indexes: number[]) => logger.log("warn", "wrong batch signatures", { signers: indexes, seq: header.seq });
    const gatherer = createGatherer(deps.scheme, set, kind, header, onBad);
    const batch: Pending = {
      key,
      kind,
      header,
      set,
      frame,
      gatherer,
      startedMs: clock.nowMs(),
      backoffMs: options.resendMs,
      cancelResend: () => {},
    };
    pending.set(key, batch);
    for (const peer of network.peers()) sendTo(peer, batch);
    signOwn(batch).catch((error) => logger.log("error", "signing an own batch failed", { error: String(error), seq: header.seq }));
    scheduleResend(batch);
  }

  async function signOwn(batch: Pending): Promise<void> {
    if (batch.kind === "batch") await sidecars.obtain(journal.batch(batch.header.id)?.txs ?? []);
    const synced = journal.sync();
    await undefined; // the write is under way: the disk works while this signs, and the signature waits for it
    const signature = await signer.sign(batch.kind, availabilityBody(batch.header));
    await synced;
    await addSignature(batch, batch.header.publisher, signature);
  }

  async function addSignature(batch: Pending, index: number, signature: Bytes): Promise<void> {
    const certificate = await batch.gatherer.add(index, signature);
    if (certificate === undefined || !pending.delete(batch.key)) return;
    batch.cancelResend();
    certifySeconds((clock.nowMs() - batch.startedMs) / 1000);
    onCertified(batch.key, { kind: batch.kind, header: batch.header, certificate });
    if (pending.size === options.maxPending - 1) wake();
  }

  function sendTo(peer: Peer, batch: Pending): void {
    const index = indexOf(batch.set, peer.publicKey);
    if (index === undefined || index === batch.header.publisher || batch.gatherer.has(index)) return;
    network.send(peer.id, "data", batch.frame);
  }

  function scheduleResend(batch: Pending): void {
    batch.cancelResend = clock.after(batch.backoffMs, () => {
      if (!pending.has(batch.key)) return;
      for (const peer of network.peers()) sendTo(peer, batch);
      batch.backoffMs = Math.min(batch.backoffMs * 2, options.resendMaxMs);
      scheduleResend(batch);
    });
  }

  return {
    wake,
    pending: () => pending.size,
    async onSignature(from, frame) {
      const signature = decodeSignature(frame);
      const batch = pending.get(toHex(signature.headerHash));
      const index = batch && indexOf(batch.set, from.publicKey);
      if (batch !== undefined && index !== undefined) await addSignature(batch, index, signature.signature);
      return OK;
    },
    onPeer(peer) {
      for (const batch of pending.values()) sendTo(peer, batch);
    },
    dropExpired() {
      for (const batch of [...pending.values()]) {
        if (!isExpired(batch.header, deps)) continue;
        pending.delete(batch.key);
        batch.cancelResend();
        logger.log("warn", "a batch could not be certified in time", { seq: batch.header.seq, epoch: batch.header.epoch });
        giveUp(batch);
      }
    },
    resume(batches) {
      for (const { kind, header } of batches) {
        const batch = journal.batch(header.id);
        const set = deps.validatorSetOf(header.epoch);
        if (batch === undefined) continue;
        if (set === undefined || isExpired(header, deps)) giveUp({ kind, header });
        else {
          if (kind === "batch") deps.onOutstanding?.(batch);
          disperse({ kind, header }, set, encodeBatch(FRAME_OF[kind], { header, txs: [...batch.txs] }));
        }
      }
    },
    async stop() {
      stopped = true;
      cancelCut();
      for (const batch of pending.values()) batch.cancelResend();
      await working;
    },
  };
}
