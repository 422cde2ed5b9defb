import { utf8 } from "@noema/core/bytes";
import { isNoemaError } from "@noema/core/errors";
import { sha256 } from "@noema/core/hash";
import { createMemoryLog } from "@noema/core/testing/memory-log";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { LogRecord } from "../engine/events.ts";
import { block, cert, nullification } from "../wire/testing/samples.ts";
import { decodeRecord, encodeRecord } from "./records.ts";
import { beginLostLog, initVoteLog, lacksFinal, openVoteLog } from "./vote-log.ts";

const genesisHash = sha256(utf8("genesis"));
const records: LogRecord[] = [
  { type: "Vote", vote: { kind: "notarize", epoch: 3, view: 17, hash: block.hash } },
  { type: "Vote", vote: { kind: "nullify", epoch: 3, view: 18 } },
  { type: "Cert", cert },
  { type: "Cert", cert: nullification },
  { type: "Block", block },
  { type: "Lost" },
  { type: "Resume", epoch: 3, view: 20 },
];
const voteOf = (view: number): LogRecord => ({ type: "Vote", vote: { kind: "nullify", epoch: 0, view } });

test("records come back in order after a restart; what was not synced does not", async () => {
  const log = createMemoryLog();
  await initVoteLog(log, genesisHash);
  const votes = openVoteLog(log, genesisHash);
  votes.append(records);
  await votes.sync();
  votes.append([voteOf(30)]);
  expect(openVoteLog(log.crash(), genesisHash).records).toEqual(records);
});

test("a log without its first record is lost, and another chain's is refused", async () => {
  const log = createMemoryLog();
  expect(openVoteLog(log, genesisHash).lost).toBe(true);
  await initVoteLog(log, genesisHash);
  expect(openVoteLog(log, genesisHash).lost).toBe(false);
  expect(() => openVoteLog(log, sha256(utf8("another")))).toThrow(expect.objectContaining({ code: "CONSENSUS_LOG_INVALID" }));
});

test.each([0, 1, 2])("a lost log torn after %i records never looks like a validator's first log", async (torn) => {
  const log = createMemoryLog();
  log.holdSync();
  void beginLostLog(log, genesisHash);
  const found = openVoteLog(log.crash(torn), genesisHash);
  expect(found.lost || found.records.some((r) => r.type === "Lost")).toBe(true);
});

test("init leaves a log as it is", async () => {
  const log = createMemoryLog();
  await initVoteLog(log, genesisHash);
  await initVoteLog(log, genesisHash);
  expect([...log.replay()].length).toBe(1);
});

test("records more than 256 views below the floor go, the genesis record and the lost state stay", async () => {
  const log = createMemoryLog();
  await beginLostLog(log, genesisHash);
  const votes = openVoteLog(log, genesisHash);
  votes.append([{ type: "Resume", epoch: 0, view: 1 }]);
  for (let view = 1; view <= 1000; view++) votes.append([voteOf(view)]);
  await votes.sync();
  await votes.prune({ epoch: 0, view: 900 });
  const after = openVoteLog(log.crash(), genesisHash);
  expect(after.lost).toBe(false);
  expect(after.records.filter((r) => r.type === "Vote")).toEqual(Array.from({ length: 1000 - 643 }, (_, i) => voteOf(644 + i)));
  expect(after.records.filter((r) => r.type !== "Vote").map((r) => r.type)).toEqual(["Lost", "Resume"]);
});

test("random bytes are a record or CONSENSUS_LOG_INVALID", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 7 }), fc.uint8Array({ maxLength: 700 }), (kind, rest) => {
      const bytes = Uint8Array.of(kind, ...rest);
      try {
        expect(encodeRecord(decodeRecord(bytes))).toEqual(bytes);
      } catch (error) {
        expect(isNoemaError(error, "CONSENSUS_LOG_INVALID")).toBe(true);
      }
    }),
    { numRuns: 1000 },
  );
});

test("a log without an F at or above the chain store's newest is older than the store", () => {
  const at = (epoch: number, view: number): LogRecord => ({ type: "Cert", cert: { ...cert, epoch, view } });
  expect(lacksFinal([], undefined)).toBe(false); // a store without a block
  expect(lacksFinal([], cert)).toBe(true);
  expect(lacksFinal([at(3, 16), at(2, 99)], cert)).toBe(true);
  expect(lacksFinal([{ type: "Cert", cert: { ...cert, kind: "notarize" } }], cert)).toBe(true);
  for (const held of [at(3, 17), at(3, 18), at(4, 1)]) expect(lacksFinal([held], cert)).toBe(false);
});

test("what is left of a lost log is gone once the new one has begun, and the loss is settled", async () => {
  let log = createMemoryLog();
  await initVoteLog(log, genesisHash);
  openVoteLog(log, genesisHash).append(records.slice(0, 4));
  await log.sync();
  log = log.lose((_record, index) => index === 2);
  expect(log.loss).toBeDefined();
  await beginLostLog(log, genesisHash, cert);
  expect(log.loss).toBeUndefined();
  const found = openVoteLog(log.crash(), genesisHash);
  expect(found.records).toEqual([{ type: "Lost" }, { type: "Cert", cert }]);
  expect([found.lost, lacksFinal(found.records, cert)]).toEqual([false, false]);
});
