/**
 * Files to objects in the tab, a script of its own that is loaded by who publishes: cut and joined by the same writer as a node's and the
 * command line's, so that only three objects are in memory however large the file is.
 */
import { DEFAULT_TYPE, decodeManifest, isManifest } from "@noema/da-layer/files/manifest";
import { nameFault, typeFault } from "@noema/da-layer/files/names";
import { createPortableDigest } from "@noema/da-layer/files/portable-digest";
import { type Written, writeFile } from "@noema/da-layer/files/write-file";
import { rpc } from "../rpc.ts";
import type { Hex } from "../types.ts";
import { type Kept, type Line, passesByItself, putObject, Refused } from "./put-object.ts";

export { createPortableDigest };

const RETRY_MS = 1000;

export type PublishEvents = {
  /** The object is on its way; the last one is the manifest. */
  onObject(index: number, bytes: number): void;
  onLine(index: number, line: Line): void;
  /** It is tried again in a second: why. */
  onWait(index: number, why: string): void;
};

const bytesOf = (hex: Hex) =>
  Uint8Array.from({ length: (hex.length - 2) / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i + 2, 2 * i + 4), 16));
export const hexOf = (bytes: Uint8Array): Hex => `0x${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;

/** Rejects with the signal's reason. */
function pause(signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, RETRY_MS);
    const end = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    signal.addEventListener("abort", end, { once: true });
  });
}

/** Of an object that goes on without us: until its certificate stands in a block. */
async function untilIncluded(id: Hex, signal: AbortSignal, onWait: () => void): Promise<Kept> {
  for (;;) {
    const status = await rpc<{ height: Hex | null } | null>("noema_daStatus", id).catch(() => null);
    if (status?.height) return { id, height: Number(status.height) };
    onWait();
    await pause(signal);
  }
}

/** Throws Refused for what does not pass by itself, and the signal's reason. */
async function keep(index: number, payload: Uint8Array, events: PublishEvents, signal: AbortSignal): Promise<Kept> {
  for (;;) {
    let id: Hex | undefined;
    try {
      return await putObject(
        payload,
        (line) => {
          id ??= line.id;
          events.onLine(index, line);
        },
        signal,
      );
    } catch (error) {
      signal.throwIfAborted();
      if (!passesByItself(error)) throw error;
      const why = error instanceof Refused ? error.message : "this validator does not answer";
      const goesOn = error instanceof Refused ? error.id : id;
      events.onWait(index, why);
      if (goesOn !== undefined) {
        const kept = await untilIncluded(goesOn, signal, () => events.onWait(index, why));
        events.onLine(index, { state: "included", ...kept });
        return kept;
      }
      await pause(signal);
    }
  }
}

/** Always with a manifest, so that who reads it has its name and type. Throws as `keep`, and what reading the file throws. */
export async function publish(
  file: File,
  objectBytes: number,
  events: PublishEvents,
  signal: AbortSignal,
): Promise<{ id: Hex; height?: number }> {
  let count = 0;
  async function* bytes() {
    for (let at = 0; at < file.size; at += objectBytes) yield new Uint8Array(await file.slice(at, at + objectBytes).arrayBuffer());
  }
  const sink = {
    objectBytes,
    sha256: createPortableDigest,
    async publish(payload: Uint8Array, told?: (id: Uint8Array) => void) {
      const index = count++;
      events.onObject(index, payload.length);
      const { id, height } = await keep(index, payload, events, signal);
      told?.(bytesOf(id));
      return { id: bytesOf(id), height };
    },
  };
  const type = file.type.toLowerCase();
  const facts = {
    name: nameFault(file.name) === undefined ? file.name : undefined,
    contentType: type !== "" && typeFault(type) === undefined ? type : DEFAULT_TYPE,
  };
  const { id, height }: Written = await writeFile(sink, bytes(), facts);
  return { id: hexOf(id), height };
}

export type Opened = { name: string; contentType: string; kind: string; bytes: number; sha256: Hex; entries: { id: Hex; bytes: number }[] };

/** What an object is that may be a manifest; undefined: it is none. Throws DA_MANIFEST_INVALID. */
export function openManifest(payload: Uint8Array): Opened | undefined {
  if (!isManifest(payload)) return undefined;
  const { depth, entries, sha256, ...facts } = decodeManifest(payload);
  return { ...facts, sha256: hexOf(sha256), entries: depth === 0 ? entries.map(({ id, bytes }) => ({ id: hexOf(id), bytes })) : [] };
}
