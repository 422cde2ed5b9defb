import { expect, it } from "vitest";
import { utf8 } from "../bytes.ts";
import { appendLogCompliance } from "./compliance/append-log.ts";
import { createMemoryLog, type MemoryLog } from "./memory-log.ts";

appendLogCompliance("memory", async () => {
  let log: MemoryLog | undefined;
  return {
    async open() {
      log = log?.crash() ?? createMemoryLog();
      return log;
    },
    async remove() {},
  };
});

const records = (log: MemoryLog) => [...log.replay()].map(([, r]) => Buffer.from(r).toString());

it("a crash loses what was not synced, or keeps a torn part of it", async () => {
  const log = createMemoryLog();
  log.append(utf8("a"));
  await log.sync();
  log.append(utf8("b"));
  log.append(utf8("c"));
  expect(log.unsynced()).toBe(2);
  expect(records(log.crash(1))).toEqual(["a", "b"]);
  expect(records(log.crash())).toEqual(["a"]);
});

it("sync covers what was appended before the call, also when it is held", async () => {
  const log = createMemoryLog();
  log.holdSync();
  log.append(utf8("a"));
  const synced = log.sync();
  log.append(utf8("b"));
  log.releaseSync();
  await synced;
  expect(records(log.crash())).toEqual(["a"]);
});

it("a failed sync makes nothing durable", async () => {
  const log = createMemoryLog();
  log.append(utf8("a"));
  log.failSync(new Error("disk full"));
  await expect(log.sync()).rejects.toThrow("disk full");
  expect(records(log.crash())).toEqual([]);
});
