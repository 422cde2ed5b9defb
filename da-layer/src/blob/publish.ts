/**
 * Publications as their callers see them: prepared for where it is the first, encoded, dispersed, signed, certified, included. Each runs
 * by itself once all its bytes are here (publication.ts); its caller only watches.
 */
import { to0x } from "@noema/core/bytes";
import { INCLUSION_WINDOW } from "@noema/core/chain-limits";
import type { Bytes, Hash, Height } from "@noema/core/ports/bytes";
import type { PublishProgress, PublishRequest } from "@noema/core/ports/data";
import type { Signer } from "@noema/core/ports/signing";
import { indexOf } from "@noema/core/validator-index";
import { daError } from "../errors.ts";
import type { BlobLaneOptions } from "../options.ts";
import { createEventQueue } from "../shared/event-queue.ts";
import { createFairTurns } from "../shared/fair-turns.ts";
import type { SignedIndex } from "../shared/signed-index.ts";
import type { Dispersals } from "./disperse.ts";
import { ROW_BYTES, ROW_PAYLOAD, rowCount } from "./elements.ts";
import { MAX_NAMESPACE_BYTES } from "./object.ts";
import { diskBytes, type PublicationParts, type Publishing, runPublication, type Step } from "./publication.ts";
import { createUploads } from "./uploads.ts";

export type PublisherParts = PublicationParts & { signer: Signer | undefined; signed: SignedIndex; dispersals: Dispersals | undefined };

export type Publish = (data: AsyncIterable<Bytes>, request: PublishRequest) => AsyncIterable<PublishProgress>;

/** A place holds its object's extended rows, 12.6 MB at most, until it is certified. Two are free for others than the busiest client. */
const PUBLICATIONS = {
  ...{ places: 8, share: 6, queue: 16, slowPlaces: 8 },
  full: () => daError("DA_BUSY", "this client has as many objects waiting to be published as it may"),
};
/** N / R, before the set is known for which it is encoded: 3.0 to 3.4 (da.md 2). */
const OVERHEAD = 3;
/** Of a halt: a watcher is told at the second look, so that one which passes is none. */
const LOOK_MS = 500;

/**
 * What it returns throws, before anything is read: DA_NOT_VALIDATOR, DA_LOG_LOST, DA_HALTED, DA_DISK_FULL, DA_BUSY, DA_TOO_LARGE,
 * DA_ARGUMENT_INVALID;
 * while the bytes come: DA_BUSY, DA_STALLED, DA_LENGTH_MISMATCH; then DA_QUOTA, DA_UNCERTIFIED, DA_HALTED, with `id` where that is known.
 */
export function createPublisher(parts: PublisherParts): Publish {
  const { options, deps, signer, signed, dispersals, disk, signal } = parts;
  const uploads = createUploads(deps.clock);
  const turns = createFairTurns(deps.clock, PUBLICATIONS);

  /** Throws where this node cannot publish now. */
  function publishing(): Publishing {
    const set = deps.validatorSet();
    const own = indexOf(set, signer?.publicKey);
    if (own === undefined || dispersals === undefined)
      throw daError("DA_NOT_VALIDATOR", "this node is no validator of the current epoch and cannot publish");
    // a lone validator contradicts nobody: its numbers are fresh
    if (set.members.length > 1 && signed.isBarred(set.epoch))
      throw daError("DA_LOG_LOST", `this validator lost records of its log and publishes nothing in epoch ${set.epoch}`);
    return { set, own, dispersals };
  }

  function refuse(request: PublishRequest, from: string): void {
    publishing();
    checkRequest(request, deps.finalizedHeight(), options);
    const halted = deps.halted?.();
    if (halted !== undefined) throw daError("DA_HALTED", halted);
    disk.check(diskBytes(OVERHEAD * rowCount(request.bytes) * ROW_BYTES));
    if (turns.isFull(from)) throw PUBLICATIONS.full();
  }

  /** Tells once that the chain stands; returns how to stop looking. */
  function watchHalt(tell: (cause: string) => void): () => void {
    let before = false;
    let cancel = () => {};
    const look = () => {
      const cause = deps.halted?.();
      if (cause !== undefined && before) return tell(cause);
      before = cause !== undefined;
      cancel = deps.clock.after(LOOK_MS, look);
    };
    if (deps.halted !== undefined) look();
    return () => cancel();
  }

  async function* watch(steps: AsyncIterable<Step>): AsyncIterable<PublishProgress> {
    for await (const step of steps) {
      if (step.step === "failed") throw step.error;
      yield step;
      if (step.step === "included") return;
    }
  }

  return async function* (data, request) {
    const from = request.from ?? "";
    await disk.look();
    refuse(request, from);
    const steps = createEventQueue<Step>();
    if (!deps.worker.isPrepared()) {
      const prepared = () => steps.push({ step: "preparing", done: 1 });
      deps.worker.prepare().then(prepared, () => {}); // a failure shows where it encodes
      yield { step: "preparing", done: 0 };
    }
    const { payload, free } = await uploads.collect(from, data, request.bytes);
    const run = () => {
      free();
      return runPublication(parts, publishing(), payload, request, steps.push);
    };
    turns
      .run(from, signal, run)
      .catch((error) => steps.push({ step: "failed", error }))
      .finally(free);
    let id: Hash | undefined;
    const endWatch = watchHalt((cause) => steps.push({ step: "failed", error: daError("DA_HALTED", cause, id && { id: to0x(id) }) }));
    try {
      for await (const progress of watch(steps)) {
        id = progress.id;
        yield progress;
      }
    } finally {
      endWatch();
    }
  };
}

function checkRequest({ namespace, bytes, expiry }: PublishRequest, refHeight: Height, options: BlobLaneOptions): void {
  const limit = options.maxRows * ROW_PAYLOAD;
  if (bytes > limit) throw daError("DA_TOO_LARGE", `${bytes} bytes; one object holds at most ${limit}`, { bytes, limit });
  if (!Number.isSafeInteger(bytes) || bytes < 1) throw daError("DA_ARGUMENT_INVALID", `${bytes} bytes; at least 1 is needed`);
  if (namespace.length > MAX_NAMESPACE_BYTES)
    throw daError("DA_ARGUMENT_INVALID", `namespace of ${namespace.length} bytes; the limit is ${MAX_NAMESPACE_BYTES}`);
  if (expiry === undefined) return;
  if (!Number.isSafeInteger(expiry) || expiry <= refHeight + INCLUSION_WINDOW || expiry > refHeight + options.maxBlobRetention)
    throw daError(
      "DA_ARGUMENT_INVALID",
      `expiry ${expiry}; it must be above ${refHeight + INCLUSION_WINDOW} and at most ${refHeight + options.maxBlobRetention}`,
    );
}
