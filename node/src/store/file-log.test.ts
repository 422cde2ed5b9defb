import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { utf8 } from "@noema/core/bytes";
import { appendLogCompliance } from "@noema/core/testing/compliance/append-log";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { crc32c } from "./crc32c.ts";
import { type FileLogOptions, openFileLog } from "./file-log.ts";
import { FRAME_BYTES, HEADER_BYTES } from "./log-frame.ts";
import { testOwner } from "./testing/log-owner.ts";

const makeFolder = () => mkdtempSync(join(tmpdir(), "noema-log-"));
const openLog = (folder: string, options: FileLogOptions = {}) => openFileLog(folder, testOwner(), "log", options);

for (const [name, options] of Object.entries<FileLogOptions>({ "one segment": {}, "many segments": { segmentBytes: 40 } }))
  appendLogCompliance(`file, ${name}`, async () => {
    const folder = makeFolder();
    return {
      open: async () => openLog(folder, options),
      remove: async () => rmSync(folder, { recursive: true, force: true }),
    };
  });

it("computes CRC-32C (RFC 3720 B.4 and the usual check value)", () => {
  expect(crc32c(utf8("123456789"))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43);
  expect(crc32c(utf8("6789"), crc32c(utf8("12345")))).toBe(0xe3069283);
});

it("computes it alike by eight bytes and by one, and goes on with it", () => {
  const bytes = Uint8Array.from({ length: 300 }, (_, i) => (i * 2654435761) >>> 11);
  const byOne = (part: Uint8Array) => part.reduce((crc, byte) => crc32c(Uint8Array.of(byte), crc), 0);
  for (let from = 0; from < 9; from++)
    for (let to = from; to < 60; to++) {
      const part = bytes.subarray(from, to);
      expect([crc32c(part), crc32c(bytes.subarray(to), crc32c(part))]).toEqual([byOne(part), byOne(bytes.subarray(from))]);
    }
});

describe("file log", () => {
  let folder = "";
  beforeEach(() => {
    folder = makeFolder();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const files = () =>
    readdirSync(folder)
      .filter((name) => name.endsWith(".log"))
      .sort();
  const texts = (log: ReturnType<typeof openFileLog>) => [...log.replay()].map(([, r]) => Buffer.from(r).toString());

  async function write(records: string[], options: FileLogOptions = {}): Promise<number[]> {
    const log = openLog(folder, options);
    const positions: number[] = [];
    for (const record of records) {
      positions.push(log.append(utf8(record)));
      await log.sync();
    }
    await log.close();
    return positions;
  }

  /** What a crash before the last `count` acknowledgements leaves: the mark is older than they are. */
  async function writeUnmarked(records: string[], count: number, options: FileLogOptions = {}): Promise<number[]> {
    const first = await write(records.slice(0, records.length - count), options);
    const mark = readFileSync(join(folder, "mark"));
    const rest = await write(records.slice(records.length - count), options);
    writeFileSync(join(folder, "mark"), mark);
    return [...first, ...rest];
  }

  it("cuts a torn tail at every byte, keeps all before it and goes on", async () => {
    const positions = await writeUnmarked(["first", "second", "third"], 1);
    const path = join(folder, files()[0] as string);
    const [whole, mark] = [readFileSync(path), readFileSync(join(folder, "mark"))];
    const last = HEADER_BYTES + (positions[2] as number);
    for (let length = last; length <= whole.length; length++) {
      writeFileSync(path, whole.subarray(0, length));
      writeFileSync(join(folder, "mark"), mark);
      const log = openLog(folder);
      const kept = length === whole.length ? ["first", "second", "third"] : ["first", "second"];
      expect([log.loss, texts(log)]).toEqual([undefined, kept]);
      expect(log.append(utf8("next"))).toBe(length === whole.length ? whole.length - HEADER_BYTES : positions[2]);
      await log.close();
      const again = openLog(folder);
      expect([again.loss, texts(again)]).toEqual([undefined, [...kept, "next"]]);
      await again.close();
    }
  });

  it("cuts a last record that was never acknowledged, with any byte flipped", async () => {
    const positions = await writeUnmarked(["first", "second"], 1);
    const path = join(folder, files()[0] as string);
    const [whole, mark] = [readFileSync(path), readFileSync(join(folder, "mark"))];
    for (let at = HEADER_BYTES + (positions[1] as number); at < whole.length; at++) {
      const flipped = Buffer.from(whole);
      flipped[at] = (flipped[at] as number) ^ 0x10;
      writeFileSync(path, flipped);
      writeFileSync(join(folder, "mark"), mark);
      const log = openLog(folder);
      expect([log.loss, texts(log)]).toEqual([undefined, ["first"]]);
      await log.close();
    }
  });

  it("cuts a hole in the middle of the last batch, which a disk may leave, and says a loss when a later batch stands behind it", async () => {
    const log = openLog(folder);
    log.append(utf8("first"));
    await log.sync();
    const mark = readFileSync(join(folder, "mark"));
    const holeAt = log.append(utf8("second"));
    log.append(utf8("third"));
    await log.sync(); // one batch: second, third
    const path = join(folder, files()[0] as string);
    const torn = () => {
      const bytes = readFileSync(path);
      bytes.fill(0, HEADER_BYTES + holeAt, HEADER_BYTES + holeAt + FRAME_BYTES + 6);
      return bytes;
    };
    const oneBatch = torn();
    log.append(utf8("fourth"));
    await log.close(); // another batch: the one before was durable
    const twoBatches = torn();

    for (const [bytes, kept, loss] of [
      [oneBatch, ["first"], undefined],
      [twoBatches, ["first", "third", "fourth"], expect.stringContaining("does not verify")],
    ] as const) {
      writeFileSync(path, bytes);
      writeFileSync(join(folder, "mark"), mark);
      const again = openLog(folder);
      expect([again.loss, texts(again)]).toEqual([loss, kept]);
      await again.close();
    }
  });

  it.each(["", "noem"])('takes the crash of a rotation, with "%s" of the header', async (content) => {
    const positions = await write(["a".repeat(50)], { segmentBytes: 40 });
    const end = (positions[0] as number) + FRAME_BYTES + 50;
    writeFileSync(join(folder, `${String(end).padStart(16, "0")}.log`), content);
    const log = openLog(folder, { segmentBytes: 40 });
    expect([log.loss, log.append(utf8("b"))]).toEqual([undefined, end]);
    await log.sync();
    expect(texts(log)).toEqual(["a".repeat(50), "b"]);
    await log.close();
  });

  it("drops whole segments and never the last", async () => {
    const log = openLog(folder, { segmentBytes: 40 });
    const positions: number[] = [];
    for (let i = 0; i < 6; i++) {
      positions.push(log.append(utf8(`${i}`.repeat(50))));
      await log.sync();
    }
    log.dropBelow(positions[3] as number);
    expect(files().length).toBe(3);
    expect(log.read(positions[0] as number)).toBeUndefined();
    expect(texts(log).map((t) => t[0])).toEqual(["3", "4", "5"]);
    await log.close();
  });

  it("keeps what is synced together and written in parts, each record whole and at its place", async () => {
    const log = openLog(folder);
    const sizes = [10, 300_000, 300_000, 10, 600_000, 524_288, 1, 0, 70_000];
    const records = sizes.map((size, i) => new Uint8Array(size).fill(i + 1));
    const positions = records.map((record) => log.append(record));
    await log.sync();
    await log.close();
    const again = openLog(folder);
    expect(
      [...again.replay()].map(([position, record]) => [position, Buffer.compare(record, records[positions.indexOf(position)]!)]),
    ).toEqual(positions.map((position) => [position, 0]));
    await again.close();
  });

  it("bounds a record", async () => {
    const log = openLog(folder, { maxRecordBytes: 10 });
    expect(() => log.append(new Uint8Array(11))).toThrow(expect.objectContaining({ code: "LOG_RECORD_TOO_LARGE" }));
    await log.close();
    await expect(log.sync()).rejects.toMatchObject({ code: "LOG_FAILED" });
  });

  it("says that it was damaged since it was opened, and does not skip what it held", async () => {
    const log = openLog(folder);
    for (const record of ["first", "second", "third"]) log.append(utf8(record));
    await log.sync();
    const path = join(folder, files()[0] as string);
    const bytes = readFileSync(path);
    const at = bytes.indexOf("second");
    writeFileSync(path, bytes.fill("S", at, at + 1));
    expect(() => texts(log)).toThrow(expect.objectContaining({ code: "LOG_DAMAGED", data: { path } }));
    await log.close();
  });

  it("opens, and says a loss, whatever the file and the mark hold", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.uint8Array({ maxLength: 800 }), fc.boolean(), (garbage, mark, isMarked) => {
        const inner = mkdtempSync(join(folder, "fuzz-"));
        writeFileSync(join(inner, "0000000000000000.log"), Buffer.concat([Buffer.from("noemalg2"), Buffer.alloc(8), garbage]));
        if (isMarked) writeFileSync(join(inner, "mark"), mark);
        const log = openLog(inner);
        expect(log.loss).toContain("mark");
        void log.close();
      }),
      { numRuns: 60 },
    );
  });
});
