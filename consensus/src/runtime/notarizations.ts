/** Notarizations wait here from the log until their block is final and goes into the chain store with them. */
import { toHex } from "@noema/core/bytes";
import type { LogRecord } from "../engine/events.ts";
import type { Block, Cert } from "../types.ts";

export type Notarizations = {
  /** Records on their way into the log. */
  note(records: readonly LogRecord[]): void;
  /** The block is final: its N where one is held; those that can belong to no later block are forgotten. */
  take(block: Block): Cert | undefined;
};

export function createNotarizations(): Notarizations {
  const waiting = new Map<string, Cert>();
  return {
    note(records) {
      for (const record of records)
        if (record.type === "Cert" && record.cert.kind === "notarize" && record.cert.hash)
          waiting.set(toHex(record.cert.hash), record.cert);
    },
    take({ hash, header }) {
      const found = waiting.get(toHex(hash));
      for (const [key, cert] of waiting)
        if (cert.epoch < header.epoch || (cert.epoch === header.epoch && cert.view <= header.view)) waiting.delete(key);
      return found;
    },
  };
}
