/**
 * The signing side. Bounds and form first, then one signature for each (publisher, epoch, seq), then the publisher's quota, then
 * the static check of every transaction or operation; the record `signed` and the batch are one record and are fsynced before the
 * signature is made, and so are the blobs of its transactions, which are fetched where they are missing. The verdict is known after the
 * check; fetch, fsync and signature go on behind it.
 */
import type { Bytes } from "@noema/core/ports/bytes";
import type { AvailabilityHeader, PayloadItems } from "@noema/core/ports/data";
import type { Peer, Verdict } from "@noema/core/ports/network";
import type { Signer } from "@noema/core/ports/signing";
import { availabilityBody, availabilityHeaderHash } from "@noema/core/types/availability";
import { indexOf, isMember } from "@noema/core/validator-index";
import { daError } from "../errors.ts";
import type { PayloadLaneOptions } from "../options.ts";
import { signableSet } from "../shared/epochs.ts";
import type { Quota } from "../shared/quota.ts";
import { OK } from "../shared/verdict.ts";
import { checkBatchForm, decodeBatch, type PayloadKind, signedKey } from "./batch.ts";
import type { PayloadLaneDeps } from "./deps.ts";
import { encodeSignature } from "./frames.ts";
import type { PayloadJournal, SignedBatch } from "./journal.ts";
import type { SidecarShare } from "./sidecar-share.ts";

export type Receiver = { onBatch(from: Peer, kind: PayloadKind, frame: Bytes): Promise<Verdict> };

export type ReceiverParts = {
  options: PayloadLaneOptions;
  deps: PayloadLaneDeps;
  signer: Signer;
  journal: PayloadJournal;
  quota: Quota;
  sidecars: SidecarShare;
  /** The batch is readable from now on. */
  onHeld: (batch: SignedBatch) => void;
};

export function createReceiver({ options, deps, signer, journal, quota, sidecars, onHeld }: ReceiverParts): Receiver {
  const { logger } = deps;
  /** Signed in memory, not yet checked, stored and fsynced. */
  const inWork = new Set<string>();

  function answer(from: Peer, { kind, header }: SignedBatch): void {
    signAndSend(from, kind, header).catch((error) =>
      logger.log("error", "signing a batch failed", { error: String(error), seq: header.seq }),
    );
  }

  async function signAndSend(from: Peer, kind: PayloadKind, header: AvailabilityHeader): Promise<void> {
    if (kind === "batch") await sidecars.obtain(journal.batch(header.id)?.txs ?? [], from.id);
    await journal.sync();
    const signature = await signer.sign(kind, availabilityBody(header));
    const headerHash = availabilityHeaderHash(header);
    deps.network.send(from.id, "data", encodeSignature({ epoch: header.epoch, seq: header.seq, headerHash, signature }));
  }

  async function checkTransactions(header: AvailabilityHeader, txs: readonly Bytes[]): Promise<PayloadItems> {
    const result = await deps.checker.check(txs);
    const invalid = "invalid" in result ? result.invalid : undefined;
    if (invalid === undefined && "gas" in result && result.gas === header.gasLimitSum && result.gas <= BigInt(options.maxBatchGas))
      return { txs, hashes: result.hashes, senders: result.senders };
    const why =
      invalid ?? `gas limits sum to ${"gas" in result ? result.gas : "?"}, header ${header.gasLimitSum}, limit ${options.maxBatchGas}`;
    throw daError("DA_BATCH_INVALID", `batch ${header.seq} of publisher ${header.publisher}: ${why}`, { seq: header.seq });
  }

  function checkOperations({ gasLimitSum, seq, publisher }: AvailabilityHeader, operations: readonly Bytes[]): PayloadItems {
    const why = gasLimitSum > 0n ? "operations have no gas" : deps.operations?.fault(operations);
    if (why !== undefined) throw daError("DA_BATCH_INVALID", `operations ${seq} of publisher ${publisher}: ${why}`, { seq });
    return { txs: operations };
  }

  return {
    async onBatch(from, kind, frame) {
      if (kind === "system" && deps.operations === undefined)
        throw daError("DA_BATCH_INVALID", "operations, on a chain whose genesis does not say dev");
      const record = new Uint8Array(frame); // kept beyond the call
      const batch = decodeBatch(record);
      const { header } = batch;
      const set = signableSet(header, deps);
      const sender = indexOf(set, from.publicKey);
      if (sender === undefined || sender !== header.publisher)
        throw daError("DA_BATCH_INVALID", `publisher ${header.publisher}, sent by ${sender ?? "no validator"}`);
      if (!isMember(set, signer.publicKey)) return OK;
      checkBatchForm(batch);
      const key = signedKey(kind, header);
      const known = journal.signed.lookup(header.publisher, header.epoch, header.seq, key);
      if (known === "other")
        throw daError("DA_EQUIVOCATION", `publisher ${header.publisher} used epoch ${header.epoch}, seq ${header.seq} before`);
      if (known === "lost") throw daError("DA_LOG_LOST", `headers of epoch ${header.epoch} are not signed here any more`);
      if (known === "same") {
        if (!inWork.has(key)) answer(from, { kind, header });
        return OK;
      }
      if (!quota.charge(set, header.publisher, header.bytes, deps.finalizedHeight()))
        throw daError("DA_QUOTA", `publisher ${header.publisher} passed twice its share of the lane`, { bytes: header.bytes });
      if (kind === "batch" && !sidecars.charge(set, header.publisher, batch.txs, deps.finalizedHeight()))
        throw daError("DA_QUOTA", `publisher ${header.publisher} passed twice its share of blobs`, { seq: header.seq });
      inWork.add(key);
      journal.signed.set(header.publisher, header.epoch, header.seq, key); // before the await: a second id loses at once
      try {
        const checked = kind === "batch" ? await checkTransactions(header, batch.txs) : checkOperations(header, batch.txs);
        journal.addBatch(record, { header, ...checked }, kind);
      } catch (error) {
        journal.signed.release(header.publisher, header.epoch, header.seq);
        throw error;
      } finally {
        inWork.delete(key);
      }
      onHeld({ kind, header });
      answer(from, { kind, header });
      return OK;
    },
  };
}
