/** Objects of a file through the data layer of this node. */
import { createHash } from "node:crypto";
import { to0x } from "@noema/core/bytes";
import { type ErrorRow, isNoemaError } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";
import type { Clock } from "@noema/core/ports/clock";
import type { DataLayer, PublishProgress, PublishRequest } from "@noema/core/ports/data";
import { daError, errors } from "../errors.ts";
import { delay } from "../shared/requests.ts";
import type { ObjectSource } from "./read-file.ts";
import type { ObjectSink, Published } from "./write-file.ts";

type Told = Parameters<ObjectSink["publish"]>[1];
export type LaneRequest = Omit<PublishRequest, "bytes">;

const ROWS: Readonly<Record<string, ErrorRow>> = errors;
const RETRY_MS = 1000;
const PATIENCE_MS = 120_000; // four windows of a quota

/**
 * Resolves once an object stands in a final block. What passes by itself is waited out once something of this sink was published; before
 * that its caller hears of it at once. Throws what publishing throws.
 */
export function laneSink(
  data: Pick<DataLayer, "publish">,
  request: LaneRequest,
  { objectBytes, clock, signal }: { objectBytes: number; clock: Clock; signal: AbortSignal },
  onStep: (progress: PublishProgress) => void = () => {},
): ObjectSink {
  let kept = 0;
  async function publishOnce(payload: Bytes, told: Told): Promise<Published> {
    async function* whole() {
      yield payload;
    }
    let last: PublishProgress | undefined;
    for await (const progress of data.publish(whole(), { ...request, bytes: payload.length })) {
      if (progress.id !== undefined && last?.id === undefined) told?.(progress.id);
      last = { ...last, ...progress };
      onStep(progress);
    }
    if (last?.id === undefined) throw daError("DA_UNAVAILABLE", "publishing ended without a certificate");
    return { id: last.id, height: last.height };
  }
  return {
    objectBytes,
    sha256: () => createHash("sha256"),
    async publish(payload, told) {
      for (let waited = 0; ; waited += RETRY_MS) {
        try {
          const published = await publishOnce(payload, told);
          kept++;
          return published;
        } catch (error) {
          const passes = isNoemaError(error) && ROWS[error.code]?.retryAfter !== undefined;
          if (!passes || kept === 0 || waited >= PATIENCE_MS) throw error;
          await delay(clock, RETRY_MS, signal);
        }
      }
    },
  };
}

export function laneSource(data: DataLayer): ObjectSource {
  return {
    async size(id) {
      const status = await data.status(id);
      if (status === undefined) throw daError("DA_NOT_FOUND", `object ${to0x(id)} is not known here or to a connected peer`);
      return status.bytes;
    },
    read: (id, from, to, signal, o) => data.retrieve(id, from, to, signal, o),
  };
}
