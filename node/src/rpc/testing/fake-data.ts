import { concatBytes, to0x } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import type { DataLayer } from "@noema/core/ports/data";
import { daError } from "@noema/da-layer/errors";

/** Keeps objects whole; an id is the sha256 of the bytes. */
export function createFakeData(): DataLayer {
  const objects = new Map<string, Bytes>();
  return {
    async *publish(data) {
      const parts: Bytes[] = [];
      for await (const chunk of data) parts.push(chunk);
      const bytes = concatBytes(...parts);
      const id = sha256(bytes);
      objects.set(to0x(id), bytes);
      yield { step: "certified", done: 1, id };
      yield { step: "included", done: 1, id, height: 7 };
    },
    async *retrieve(id, from, to) {
      const bytes = objects.get(to0x(id));
      if (bytes === undefined) throw daError("DA_NOT_FOUND", `no object ${to0x(id)}`);
      yield bytes.slice(from, to);
    },
    async status(id) {
      const bytes = objects.get(to0x(id));
      return bytes === undefined ? undefined : { bytes: bytes.length, height: 7, rowsHeld: 1, rows: 3 };
    },
  };
}
