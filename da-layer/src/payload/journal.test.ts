import { ZERO_HASH } from "@noema/core/bytes";
import { createMemoryLog } from "@noema/core/testing/memory-log";
import { expect, it } from "vitest";
import { encodeBatch } from "./batch.ts";
import { openPayloadJournal } from "./journal.ts";

const headerOf = (epoch: number, seq: number) => ({
  epoch,
  publisher: 1,
  seq,
  refHeight: 0,
  bytes: 1,
  gasLimitSum: 0n,
  expiry: 0,
  id: Uint8Array.from({ length: 32 }, () => 16 * epoch + seq),
});

it("remembers what was signed for as long as it could be signed again, and keeps the batches beyond that", async () => {
  const journal = openPayloadJournal(createMemoryLog(), 1000, () => 0);
  const headers = [0, 1, 2].map((epoch) => headerOf(epoch, 5));
  for (const header of headers) journal.addBatch(encodeBatch(1, { header, txs: [ZERO_HASH] }), { header, txs: [ZERO_HASH] }, "batch");
  await journal.prune(64, 2);
  const signed = headers.map(({ publisher, epoch, seq }) => journal.signed.lookup(publisher, epoch, seq, "another"));
  expect(signed).toEqual(["new", "other", "other"]); // headers of epoch 0 are not signable in epoch 2 (epochs.ts)
  expect(headers.map(({ id }) => journal.holds(id))).toEqual([true, true, true]);
  expect(journal.batch(headers[0]!.id)?.txs).toEqual([ZERO_HASH]);
});
