/** One publication once its bytes are here: numbered, encoded, dispersed. It ends by itself, whether anybody listens or not. */
import { to0x, toHex } from "@noema/core/bytes";
import type { Bytes, Hash, Height } from "@noema/core/ports/bytes";
import type { PublishProgress, PublishRequest } from "@noema/core/ports/data";
import type { ValidatorSet } from "@noema/core/ports/signing";
import { daError } from "../errors.ts";
import type { BlobLaneOptions } from "../options.ts";
import type { Quota } from "../shared/quota.ts";
import type { Sequence } from "../shared/sequence.ts";
import type { BlobLaneDeps } from "./deps.ts";
import type { DiskRoom } from "./disk-room.ts";
import type { DispersalEvent, Dispersals } from "./disperse.ts";
import { ROW_BYTES, rowCount } from "./elements.ts";
import { OBJECT_VERSION } from "./object.ts";
import { totalSlots } from "./shares.ts";

export type PublicationParts = {
  options: BlobLaneOptions;
  deps: BlobLaneDeps;
  sequence: Sequence;
  quota: Quota;
  disk: DiskRoom;
  /** Inclusion, or no height when that can be no more. Returns how to stop listening. */
  onOutcome: (f: (id: Hash, height: Height | undefined) => void) => () => void;
  /** The lane stops. */
  signal: AbortSignal;
};

/** This validator in the epoch now. */
export type Publishing = { set: ValidatorSet; own: number; dispersals: Dispersals };
/** "failed" and "included" are the last one. */
export type Step = PublishProgress | { step: "failed"; error: unknown };
export type Tell = (step: Step) => void;

/** Of encoded bytes: the own rows, which are kept, lie beside all of them until the certificate. */
export function diskBytes(encoded: number): number {
  return 2 * encoded;
}

/** Resolves when nothing of it is held in memory any more. Throws DA_DISK_FULL, DA_QUOTA. */
export async function runPublication(
  parts: PublicationParts,
  publishing: Publishing,
  payload: Bytes,
  request: PublishRequest,
  tell: Tell,
): Promise<void> {
  const { deps, disk, quota } = parts;
  const { set, own } = publishing;
  const bytes = totalSlots(set, rowCount(payload.length)) * ROW_BYTES;
  await disk.look();
  disk.check(diskBytes(bytes));
  if (!quota.charge(set, own, bytes, deps.finalizedHeight()))
    throw daError("DA_QUOTA", "this validator passed twice its share of the lane; wait for blocks", { bytes });
  const giveBack = disk.take(diskBytes(bytes));
  try {
    const followed = await disperse(parts, publishing, payload, request, tell);
    await followed.settled;
  } finally {
    giveBack();
  }
}

/** Encodes and begins to disperse. The rows are not held by who waits for what comes of it: a copy of all is the dispersal's. */
async function disperse(
  parts: PublicationParts,
  { set, own, dispersals }: Publishing,
  payload: Bytes,
  request: PublishRequest,
  tell: Tell,
): Promise<Followed> {
  const { options, deps } = parts;
  const { epoch } = set;
  const seq = await parts.sequence.next();
  const refHeight = deps.finalizedHeight();
  const R = rowCount(payload.length);
  const N = totalSlots(set, R);
  const expiry = request.expiry ?? refHeight + options.blobRetention;
  const meta = {
    version: OBJECT_VERSION,
    chainId: options.chainId,
    namespace: request.namespace,
    publisher: set.members[own]!.feeAddress,
    nonce: seq,
    epoch,
    R,
    N,
    payloadLen: payload.length,
    expiry,
  };
  const encoded = await deps.worker.encode(meta, payload);
  const { id } = encoded;
  tell({ step: "encoded", done: 1, id });
  const header = { epoch, publisher: own, seq, refHeight, bytes: N * ROW_BYTES, gasLimitSum: 0n, expiry, id };
  const followed = follow(parts, id, tell);
  try {
    await dispersals.begin({ header, object: encoded.object }, encoded, set, followed.onEvent);
  } catch (error) {
    followed.end({ step: "failed", error });
  }
  return followed;
}

type Followed = {
  onEvent: (event: DispersalEvent) => void;
  /** Certified, or ended. */
  settled: Promise<void>;
  end: Tell;
};

/** Tells what becomes of an object, until it is included or cannot be any more. */
function follow({ onOutcome, signal }: PublicationParts, id: Hash, tell: Tell): Followed {
  const key = toHex(id);
  const settled = Promise.withResolvers<void>();
  const failed = (): Step => {
    const text = to0x(id);
    return { step: "failed", error: daError("DA_UNCERTIFIED", `${text} was not certified and included in time`, { id: text }) };
  };
  const forget = onOutcome((of, height) => {
    if (toHex(of) === key) end(height === undefined ? failed() : { step: "included", done: 1, id, height });
  });
  const onStop = () => end(failed());
  function end(step: Step): void {
    forget();
    signal.removeEventListener("abort", onStop);
    tell(step);
    settled.resolve();
  }
  signal.addEventListener("abort", onStop, { once: true });
  return {
    settled: settled.promise,
    end,
    onEvent(event) {
      if (event.step === "failed") return end(failed());
      if (event.step !== "certified") return tell({ ...event, id });
      tell({ step: "certified", done: 1, id });
      settled.resolve();
    },
  };
}
