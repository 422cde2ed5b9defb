/** One publication as its caller sees it: prepared for where it is the first, encoded, dispersed, signed, certified, included. */
import { to0x, toHex } from "@noema/core/bytes";
import { INCLUSION_WINDOW } from "@noema/core/chain-limits";
import type { Bytes, Hash, Height } from "@noema/core/ports/bytes";
import type { PublishProgress } from "@noema/core/ports/data";
import type { Signer } from "@noema/core/ports/signing";
import { indexOf } from "@noema/core/validator-index";
import { daError } from "../errors.ts";
import type { BlobLaneOptions } from "../options.ts";
import type { Quota } from "../shared/quota.ts";
import type { Sequence } from "../shared/sequence.ts";
import type { SignedIndex } from "../shared/signed-index.ts";
import { totalSlots } from "./assignment.ts";
import type { BlobLaneDeps } from "./deps.ts";
import type { DispersalEvent, Dispersals } from "./disperse.ts";
import { ROW_BYTES, ROW_PAYLOAD, rowCount } from "./elements.ts";
import { MAX_NAMESPACE_BYTES, OBJECT_VERSION } from "./object.ts";

export type PublishParts = {
  options: BlobLaneOptions;
  deps: BlobLaneDeps;
  signer: Signer | undefined;
  sequence: Sequence;
  signed: SignedIndex;
  quota: Quota;
  dispersals: Dispersals | undefined;
  /** Inclusion, or no height when that can be no more. Returns how to stop listening. */
  onOutcome: (f: (id: Hash, height: Height | undefined) => void) => () => void;
  /** The lane stops. */
  signal: AbortSignal;
};
type Request = { namespace: Bytes; bytes: number; expiry?: Height };

/** Each holds its object's extended rows, 12.6 MB at most, until it is certified. */
const MAX_PUBLICATIONS = 8;

/** Passes publications through, so many at once; the next one throws DA_BUSY before anything is read of its data. */
export function createPublicationLimit(): (publication: AsyncIterable<PublishProgress>) => AsyncIterable<PublishProgress> {
  let running = 0;
  return async function* (publication) {
    if (running >= MAX_PUBLICATIONS) throw daError("DA_BUSY", `${running} publications are under way`, { limit: MAX_PUBLICATIONS });
    running++;
    try {
      yield* publication;
    } finally {
      running--;
    }
  };
}

export async function* publishBlob(parts: PublishParts, data: AsyncIterable<Bytes>, request: Request): AsyncIterable<PublishProgress> {
  const { options, deps, signer, sequence, signed, quota, dispersals } = parts;
  const set = deps.validatorSet();
  const own = indexOf(set, signer?.publicKey);
  const member = own === undefined ? undefined : set.members[own];
  if (own === undefined || dispersals === undefined || member === undefined)
    throw daError("DA_NOT_VALIDATOR", "this node is no validator of the current epoch and cannot publish");
  // a lone validator contradicts nobody: its numbers are fresh
  if (set.members.length > 1 && signed.isBarred(set.epoch))
    throw daError("DA_LOG_LOST", `this validator lost records of its log and publishes nothing in epoch ${set.epoch}`);
  const refHeight = deps.finalizedHeight();
  const expiry = request.expiry ?? refHeight + options.blobRetention;
  checkRequest(request, expiry, refHeight, options);
  const payload = await collect(data, request.bytes);

  const R = rowCount(payload.length);
  const N = totalSlots(set, R);
  const bytes = N * ROW_BYTES;
  if (!quota.charge(set, own, bytes, refHeight))
    throw daError("DA_QUOTA", "this validator passed twice its share of the lane; wait for blocks", { bytes });
  const seq = await sequence.next();
  const { epoch } = set;
  const meta = {
    version: OBJECT_VERSION,
    chainId: options.chainId,
    namespace: request.namespace,
    publisher: member.feeAddress,
    nonce: seq,
    epoch,
    R,
    N,
    payloadLen: payload.length,
    expiry,
  };
  if (!deps.worker.isPrepared()) yield { step: "preparing", done: 0 };
  const encoded = await deps.worker.encode(meta, payload);
  const { id } = encoded;
  yield { step: "encoded", done: 1, id };
  const header = { epoch, publisher: own, seq, refHeight, bytes, gasLimitSum: 0n, expiry, id };
  const events = createEventQueue<DispersalEvent | { step: "included"; height: Height }>();
  const forget = parts.onOutcome((included, height) => {
    if (toHex(included) === toHex(id)) events.push(height === undefined ? { step: "failed" } : { step: "included", height });
  });
  const onStop = () => events.push({ step: "failed" });
  parts.signal.addEventListener("abort", onStop, { once: true });
  try {
    await dispersals.begin({ header, object: encoded.object }, encoded, set, events.push);
    for await (const event of events) {
      if (event.step === "failed") throw daError("DA_UNCERTIFIED", `${to0x(id)} was not certified and included in time`);
      if (event.step === "included") {
        yield { step: "included", done: 1, id, height: event.height };
        return;
      }
      yield event.step === "certified" ? { step: "certified", done: 1, id } : { ...event, id };
    }
  } finally {
    forget();
    parts.signal.removeEventListener("abort", onStop);
  }
}

function checkRequest({ namespace, bytes }: Request, expiry: Height, refHeight: Height, options: BlobLaneOptions): void {
  const limit = options.maxRows * ROW_PAYLOAD;
  if (bytes > limit) throw daError("DA_TOO_LARGE", `${bytes} bytes; one object holds at most ${limit}`, { bytes, limit });
  if (!Number.isSafeInteger(bytes) || bytes < 1) throw daError("DA_ARGUMENT_INVALID", `${bytes} bytes; at least 1 is needed`);
  if (namespace.length > MAX_NAMESPACE_BYTES)
    throw daError("DA_ARGUMENT_INVALID", `namespace of ${namespace.length} bytes; the limit is ${MAX_NAMESPACE_BYTES}`);
  if (!Number.isSafeInteger(expiry) || expiry <= refHeight + INCLUSION_WINDOW || expiry > refHeight + options.maxBlobRetention)
    throw daError(
      "DA_ARGUMENT_INVALID",
      `expiry ${expiry}; it must be above ${refHeight + INCLUSION_WINDOW} and at most ${refHeight + options.maxBlobRetention}`,
    );
}

/** Exactly `bytes` bytes; throws DA_LENGTH_MISMATCH, as soon as there are more. */
async function collect(data: AsyncIterable<Bytes>, bytes: number): Promise<Bytes> {
  const payload = new Uint8Array(bytes);
  let at = 0;
  for await (const chunk of data) {
    if (at + chunk.length > bytes) throw daError("DA_LENGTH_MISMATCH", `more than the ${bytes} bytes that were announced`);
    payload.set(chunk, at);
    at += chunk.length;
  }
  if (at < bytes) throw daError("DA_LENGTH_MISMATCH", `${at} bytes came, ${bytes} were announced`);
  return payload;
}

/** Bounded by its producer: a dispersal makes two events a validator. */
function createEventQueue<T>(): AsyncIterable<T> & { push: (event: T) => void } {
  const queue: T[] = [];
  let wake = () => {};
  return {
    push(event) {
      queue.push(event);
      wake();
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        while (queue.length === 0) await new Promise<void>((resolve) => (wake = resolve));
        yield queue.shift()!;
      }
    },
  };
}
