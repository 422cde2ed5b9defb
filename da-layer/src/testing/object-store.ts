/** Objects in memory, behind the ports of files: an id is the sha256 of a count and the bytes, as equal bytes published twice have two ids. Test support. */
import { createHash } from "node:crypto";
import { to0x, u32be } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import { daError } from "../errors.ts";
import type { ObjectSource } from "../files/read-file.ts";
import type { ObjectSink } from "../files/write-file.ts";

export type ObjectStore = ObjectSink & ObjectSource & { objects: Map<string, Bytes>; most: { published: number; read: number } };

/** `pause` is waited for in the middle of everything, so that what runs at once is seen in `most`. */
export function createObjectStore(objectBytes: number, pause: () => Promise<void> = async () => {}): ObjectStore {
  const objects = new Map<string, Bytes>();
  const most = { published: 0, read: 0 };
  let [publishing, reading] = [0, 0];
  const find = (id: Bytes) => {
    const bytes = objects.get(to0x(id));
    if (bytes === undefined) throw daError("DA_NOT_FOUND", `no object ${to0x(id)}`);
    return bytes;
  };
  return {
    objectBytes,
    objects,
    most,
    sha256: () => createHash("sha256"),
    async publish(payload, told) {
      if (payload.length > objectBytes || payload.length === 0) throw new Error(`an object of ${payload.length} bytes`);
      most.published = Math.max(most.published, ++publishing);
      const id = sha256(u32be(objects.size + publishing * 65_536), payload);
      told?.(id);
      await pause();
      objects.set(to0x(id), payload.slice());
      publishing--;
      return { id, height: objects.size };
    },
    size: async (id) => find(id).length,
    async *read(id, from, to) {
      most.read = Math.max(most.read, ++reading);
      try {
        const bytes = find(id);
        await pause();
        for (let at = from; at < Math.min(to, bytes.length); at += 100) yield bytes.subarray(at, Math.min(at + 100, to, bytes.length));
      } finally {
        reading--;
      }
    },
  };
}
