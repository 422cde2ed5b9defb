/** A validator that lost records of its batch log signs nothing that could contradict what it signed before. */
import { toHex } from "@noema/core/bytes";
import type { AvailabilityHeader } from "@noema/core/ports/data";
import { createMemoryLog, type MemoryLog } from "@noema/core/testing/memory-log";
import { settle } from "@noema/core/testing/sim-clock";
import { expect, it } from "vitest";
import { headerKey } from "../shared/cert-pool.ts";
import { createTestLanes, type TestLanes, tx } from "../testing/lanes.ts";
import { batchId, encodeBatch } from "./batch.ts";
import { BATCH_FRAME, decodeSignature, SIGNATURE_FRAME } from "./frames.ts";
import { openPayloadJournal } from "./journal.ts";

const EQUAL = [1n, 1n, 1n, 1n];

/** v0 is a publisher that the test plays; v1 signs. */
function withPublisher() {
  const lanes = createTestLanes(EQUAL);
  lanes.start(1);
  const publisher = lanes.net.join("v0", lanes.signers[0]!.publicKey);
  const signed: string[] = [];
  publisher.onFrame("data", (_from, frame) => {
    if (frame[0] === SIGNATURE_FRAME) signed.push(toHex(decodeSignature(frame).headerHash));
    return { ok: true };
  });
  return {
    lanes,
    signed,
    async send(n: number, seq: number, epoch = lanes.chain.epoch) {
      const txs = [tx(n)];
      const header: AvailabilityHeader = { epoch, publisher: 0, seq, refHeight: lanes.chain.height, bytes: 120, gasLimitSum: 21_000n, expiry: 0, id: batchId(txs) }; // biome-ignore format: one header
      publisher.send("v1", "data", encodeBatch(BATCH_FRAME, { header, txs }));
      await lanes.clock.advanceAsync(20);
      return headerKey(header);
    },
  };
}

async function restartWith(lanes: TestLanes, index: number, change: (log: MemoryLog) => MemoryLog) {
  const old = lanes.nodes[index]!;
  old.network.leave();
  const log = change(old.log);
  await old.lane.stop();
  return lanes.start(index, log);
}

const isSigned = (record: Uint8Array) => record[0] === 1;

it("signs no second header for a number whose record is lost, over restarts too, and signs again in the epoch after next", async () => {
  const { lanes, signed, send } = withPublisher();
  const first = await send(1, 7);
  const kept = await send(5, 8);
  expect(signed).toEqual([first, kept]);
  let lost = 0;
  await restartWith(lanes, 1, (log) => log.lose((record) => isSigned(record) && lost++ === 0));
  await lanes.clock.advanceAsync(20);
  expect(lanes.nodes[1]!.log.loss).toBeUndefined(); // settled: the bar is durable

  await send(2, 7);
  expect(signed).toEqual([first, kept]);
  expect(lanes.net.verdicts.map((v) => v.code)).toEqual(["DA_LOG_LOST"]);
  await send(5, 8); // what it knows it signs again
  expect(signed).toEqual([first, kept, kept]);
  await lanes.restart(1);
  await lanes.clock.advanceAsync(20);
  await send(3, 7);
  lanes.chain.epoch = 1;
  await send(4, 9);
  expect(signed).toEqual([first, kept, kept]);
  const free = await send(6, 7, 2); // one epoch ahead of its own is as early as it signs
  expect(signed.at(-1)).toBe(free);
});

it("negative control: without the loss being told, it signs the second header", async () => {
  const { lanes, signed, send } = withPublisher();
  const first = await send(1, 7);
  await restartWith(lanes, 1, (log) => {
    const silent = log.lose(isSigned);
    silent.settle();
    return silent;
  });
  await lanes.clock.advanceAsync(20);
  const second = await send(2, 7);
  expect(signed).toEqual([first, second]);
});

it("publishes nothing meanwhile, keeps the transactions, and never uses a number twice", async () => {
  const lanes = createTestLanes(EQUAL);
  for (let i = 0; i < 4; i++) lanes.start(i);
  lanes.nodes[0]!.source.add(tx(1));
  await lanes.clock.advanceAsync(200);
  const used = lanes.nodes[1]!.lane.available(10).map((c) => c.header);
  expect(used).toHaveLength(1);
  const node = await restartWith(lanes, 0, (log) => log.lose(() => true));
  node.source.add(tx(2));
  await lanes.clock.advanceAsync(5000);
  expect(node.source.queue).toHaveLength(1);
  lanes.chain.epoch = 2;
  node.lane.included([], 11);
  await lanes.clock.advanceAsync(200);
  expect(node.source.queue).toHaveLength(0);
  const after = lanes.nodes[1]!.lane.available(10).map((c) => c.header);
  expect(after.find((h) => h.epoch === 2)?.seq).toBeGreaterThanOrEqual(2 ** 20);
});

it("signs nothing while nobody can say which epochs its lost life knew", async () => {
  const lanes = createTestLanes(EQUAL);
  let untouched: number | undefined;
  const log = createMemoryLog().lose(() => true);
  lanes.start(1, log, undefined, { untouchedEpoch: () => untouched });
  await lanes.clock.advanceAsync(20);
  expect(log.loss).toBeDefined();
  untouched = 9;
  lanes.nodes[1]!.lane.included([], 11);
  await lanes.clock.advanceAsync(20);
  expect(log.loss).toBeUndefined();
  const again = openPayloadJournal(log.crash(), 1024, () => 10);
  expect([8, 9].map(again.signed.isBarred)).toEqual([true, false]);
});

it("a lone validator goes on at once, with numbers that it never used", async () => {
  const lanes = createTestLanes([1n]);
  let node = lanes.start(0);
  const quiet = async () => {
    for (let i = 0; i < 20; i++) await settle();
  };
  node.source.add(tx(1));
  await quiet();
  const [before] = node.lane.available(1);
  node = await restartWith(lanes, 0, (log) => log.lose(() => true));
  node.source.add(tx(2));
  await quiet();
  const [after] = node.lane.available(1);
  expect(after!.header.seq).toBeGreaterThan(before!.header.seq + 1024);
});

it("two batches with the same bytes: the younger stays readable when the older is dropped", async () => {
  const log = createMemoryLog();
  let height = 10;
  const journal = openPayloadJournal(log, 1024, () => height);
  const txs = [tx(1)];
  const add = (seq: number) => {
    const header = { epoch: 0, publisher: 0, seq, refHeight: height, bytes: 120, gasLimitSum: 21_000n, expiry: 0, id: batchId(txs) };
    journal.addBatch(encodeBatch(BATCH_FRAME, { header, txs }), { header, txs }, "batch");
    return header;
  };
  const { id } = add(1);
  height += 1000;
  add(2);
  await journal.sync();
  await journal.prune(10 + 1024 + 1024 + 1, 0);
  expect(journal.batch(id)?.txs).toEqual(txs);
  journal.release(id);
  expect(journal.batch(id)?.txs, "from the disk").toEqual(txs);
});
