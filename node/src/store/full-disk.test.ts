/** On a disk that is filled at many moments: what was acknowledged stays, and what waits goes on when there is room. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { utf8 } from "@noema/core/bytes";
import { createSeededRandom } from "@noema/core/testing/seeded-random";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { mountSmallDisk, type SmallDisk } from "../testing/small-disk.ts";
import { openFileLog } from "./file-log.ts";
import { createFilePool } from "./file-pool.ts";
import { openLmdbStore } from "./lmdb-store.ts";
import { createRoom, type Room } from "./room.ts";
import { roomyStore } from "./roomy-store.ts";
import { openRowLog } from "./row-log.ts";
import { openSidecarFiles } from "./sidecar-files.ts";
import { testOwner } from "./testing/log-owner.ts";

const SEED = process.env.SEED ?? "full disk";
process.stdout.write(`seed: ${SEED}\n`);
const random = createSeededRandom(SEED);
const MOMENTS = 16;
const DISK_BYTES = 4 << 20;
const PAGE = 4096;

const disk = mountSmallDisk(DISK_BYTES);
if (disk === undefined) process.stdout.write("skipped: this process may not mount a small disk\n");
const unhandled: unknown[] = [];
const note = (error: unknown) => unhandled.push(error);

/** Bytes left when the load begins: now within a page, now some megabytes. */
const leftAt = (moment: number) => moment * 3 * PAGE + (random.bytes(1)[0] as number);

describe.skipIf(disk === undefined)("a full disk", () => {
  const { path, fill, empty } = disk as SmallDisk;
  beforeAll(() => void process.on("unhandledRejection", note));
  afterEach(() => {
    empty();
    rmSync(join(path, "log"), { recursive: true, force: true });
    for (const name of ["x.mdb", "x.mdb-lock"]) rmSync(join(path, name), { force: true });
  });
  afterAll(async () => {
    process.off("unhandledRejection", note);
    disk?.remove();
  });

  const openLog = (room?: Room) => openFileLog(join(path, "log"), testOwner(), "log", { segmentBytes: 50_000, room });
  const textOf = (i: number) => `${i} ${"x".repeat((i * 37) % 9000)}`;
  const recordsIn = () => {
    const log = openLog();
    const texts = [...log.replay()].map(([, record]) => Buffer.from(record).toString());
    return { log, texts };
  };

  /** Appends and syncs until the disk takes no more, then `then`; gives the number of acknowledged records, and of all. */
  async function fillUp(room: Room, then: () => void) {
    const log = openLog(room);
    let acknowledged = 0;
    let appended = 0;
    let waiting: Promise<void> | undefined;
    let failure: unknown;
    while (waiting === undefined) {
      log.append(utf8(textOf(appended)));
      const upTo = ++appended;
      const synced = log.sync().then(() => {
        acknowledged = upTo;
      });
      synced.catch(() => {});
      while (acknowledged < upTo && room.lack() === undefined) await setImmediate();
      if (acknowledged < upTo) waiting = synced;
    }
    then();
    await waiting.catch((error) => {
      failure = error;
    });
    return { log, acknowledged, appended, failure };
  }

  it("a log waits, and goes on when there is room", async () => {
    for (let moment = 0; moment < MOMENTS; moment++) {
      const room = createRoom(path, 0, { retryMs: 1 });
      const opened = openLog();
      await opened.close();
      fill(leftAt(moment));
      const { log, appended, failure } = await fillUp(room, empty);
      expect(failure).toBeUndefined();
      log.append(utf8("after"));
      await log.sync();
      await log.close();
      const again = recordsIn();
      expect(again.log.loss).toBeUndefined();
      expect(again.texts).toEqual([...Array.from({ length: appended }, (_, i) => textOf(i)), "after"]);
      await again.log.close();
      rmSync(join(path, "log"), { recursive: true });
    }
  });

  it("a node that stops on it loses nothing that it acknowledged", async () => {
    for (let moment = 0; moment < MOMENTS; moment++) {
      const room = createRoom(path, 0, { retryMs: 1 });
      const opened = openLog();
      await opened.close();
      fill(leftAt(moment));
      const { log, acknowledged, failure } = await fillUp(room, room.end);
      expect(failure).toMatchObject({ code: "DISK_FULL" });
      await log.close();
      const again = recordsIn(); // still full
      expect(again.log.loss).toBeUndefined();
      const sure = Array.from({ length: acknowledged }, (_, i) => textOf(i));
      expect(again.texts.slice(0, acknowledged)).toEqual(sure);
      await again.log.close();
      empty();
      rmSync(join(path, "log"), { recursive: true });
    }
  });

  it("above the reserve it never comes to a refused write", async () => {
    const room = createRoom(path, 256 << 10, { retryMs: 1 });
    fill(1 << 20);
    const { log } = await fillUp(room, () => {
      expect(room.lack()).toContain("below 262144 nothing is written");
      expect(disk && room.lack()).not.toContain("took no more");
      empty();
    });
    await log.close();
  });

  it("a store waits, whole transactions, without a rejection that nobody hears", async () => {
    const row = (i: number, j: number) => ({ table: "t", key: Uint8Array.of(i >> 8, i & 255, j), value: new Uint8Array(3000).fill(i + j) });
    for (let moment = 0; moment < MOMENTS; moment += 4) {
      const room = createRoom(path, 0, { retryMs: 1 });
      const store = roomyStore(openLmdbStore(join(path, "x.mdb"), ["t"]), room);
      fill(leftAt(moment));
      let written = 0;
      let seen = false;
      for (let i = 0; i < 200; i++) {
        let done = false;
        const writing = store.write([row(i, 0), row(i, 1), row(i, 2)], true).then(() => {
          done = true;
        });
        while (!done && room.lack() === undefined) await setImmediate();
        if (!done) {
          seen = true;
          empty();
        }
        await writing;
        written++;
      }
      expect(seen).toBe(true);
      const snapshot = store.snapshot();
      const rows = [...snapshot.range("t", new Uint8Array(0), new Uint8Array(9).fill(255), 1e9)];
      snapshot.close();
      await store.close();
      expect(rows.length).toBe(written * 3);
      for (const [key, value] of rows) expect(value.every((x) => x === (((key[0]! << 8) + key[1]! + key[2]!) & 255))).toBe(true);
      for (const name of ["x.mdb", "x.mdb-lock"]) rmSync(join(path, name));
    }
    for (let turn = 0; turn < 100; turn++) await setImmediate();
    expect(unhandled).toEqual([]);
  });

  it("without a room a store refuses with a code, and takes the next one", async () => {
    const store = openLmdbStore(join(path, "x.mdb"), ["t"]);
    fill(8 * PAGE);
    const op = { table: "t", key: Uint8Array.of(1), value: new Uint8Array(100_000) };
    await expect(store.write([op], true)).rejects.toMatchObject({ code: "DISK_FULL" });
    empty();
    await store.write([op], true);
    await store.close();
    expect(unhandled).toEqual([]);
  });

  it("rows and sidecars are refused with a code, and the next ones taken", async () => {
    const files = createFilePool(4);
    const rows = await openRowLog(join(path, "log"), testOwner(), "rows", 0, files);
    const sidecars = openSidecarFiles(join(path, "log", "sidecars"));
    fill(0);
    await expect(rows.append(new Uint8Array(9000))).rejects.toMatchObject({ code: "DISK_FULL" });
    await expect(sidecars.write("f", "n", new Uint8Array(9000))).rejects.toMatchObject({ code: "DISK_FULL" });
    empty();
    const position = await rows.append(new Uint8Array(9000).fill(7));
    await rows.sync([position]);
    expect(new Uint8Array((await rows.read(position)) as Uint8Array)).toEqual(new Uint8Array(9000).fill(7));
    await sidecars.write("f", "n", new Uint8Array(9000));
    await rows.close();
  });
});
