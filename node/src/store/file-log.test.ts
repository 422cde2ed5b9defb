import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { utf8 } from "@noema/core/bytes";
import { appendLogCompliance } from "@noema/core/testing/compliance/append-log";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { crc32c } from "./crc32c.ts";
import { type FileLogOptions, fileLogExists, openFileLog } from "./file-log.ts";

const makeFolder = () => mkdtempSync(join(tmpdir(), "noema-log-"));

for (const [name, options] of Object.entries<FileLogOptions>({ "one segment": {}, "many segments": { segmentBytes: 40 } }))
  appendLogCompliance(`file, ${name}`, async () => {
    const folder = makeFolder();
    return {
      open: async () => openFileLog(folder, options),
      remove: async () => rmSync(folder, { recursive: true, force: true }),
    };
  });

it("computes CRC-32C (RFC 3720 B.4 and the usual check value)", () => {
  expect(crc32c(utf8("123456789"))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43);
  expect(crc32c(utf8("6789"), crc32c(utf8("12345")))).toBe(0xe3069283);
});

describe("file log", () => {
  let folder = "";
  beforeEach(() => {
    folder = makeFolder();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const files = () => readdirSync(folder).sort();
  const texts = (log: ReturnType<typeof openFileLog>) => [...log.replay()].map(([, r]) => Buffer.from(r).toString());

  async function write(records: string[], options: FileLogOptions = {}): Promise<number[]> {
    const log = openFileLog(folder, options);
    const positions: number[] = [];
    for (const record of records) {
      positions.push(log.append(utf8(record)));
      await log.sync();
    }
    await log.close();
    return positions;
  }

  it("cuts a torn tail at every byte, keeps all before it and goes on", async () => {
    const positions = await write(["first", "second", "third"]);
    const path = join(folder, files()[0] as string);
    const whole = readFileSync(path);
    const last = 16 + (positions[2] as number);
    for (let length = last; length <= whole.length; length++) {
      writeFileSync(path, whole.subarray(0, length));
      const log = openFileLog(folder);
      const kept = length === whole.length ? ["first", "second", "third"] : ["first", "second"];
      expect(texts(log)).toEqual(kept);
      expect(log.append(utf8("next"))).toBe(length === whole.length ? whole.length - 16 : positions[2]);
      await log.close();
      const again = openFileLog(folder);
      expect(texts(again)).toEqual([...kept, "next"]);
      await again.close();
    }
  });

  it("cuts a last record with any byte flipped", async () => {
    const positions = await write(["first", "second"]);
    const path = join(folder, files()[0] as string);
    const whole = readFileSync(path);
    for (let at = 16 + (positions[1] as number); at < whole.length; at++) {
      const flipped = Buffer.from(whole);
      flipped[at] = (flipped[at] as number) ^ 0x10;
      writeFileSync(path, flipped);
      const log = openFileLog(folder);
      expect(texts(log)).toEqual(["first"]);
      await log.close();
    }
  });

  it("refuses damage before the last segment, and a missing one", async () => {
    await write(["a".repeat(50), "b".repeat(50), "c".repeat(50)], { segmentBytes: 40 });
    expect(files().length).toBe(3);
    const middle = join(folder, files()[1] as string);
    const good = readFileSync(middle);
    const bad = Buffer.from(good);
    bad[30] = (bad[30] as number) ^ 1;
    writeFileSync(middle, bad);
    expect(() => openFileLog(folder)).toThrow(expect.objectContaining({ code: "LOG_DAMAGED" }));
    rmSync(middle);
    expect(() => openFileLog(folder)).toThrow(expect.objectContaining({ code: "LOG_DAMAGED" }));
    writeFileSync(middle, good);
    await openFileLog(folder).close();
  });

  it("takes the crash of a rotation, before and after the header", async () => {
    const positions = await write(["a".repeat(50)], { segmentBytes: 40 });
    const end = (positions[0] as number) + 58;
    for (const content of [Buffer.alloc(0), Buffer.from("noem")]) {
      writeFileSync(join(folder, `${String(end).padStart(16, "0")}.log`), content);
      const log = openFileLog(folder, { segmentBytes: 40 });
      expect(log.append(utf8("b"))).toBe(end);
      await log.sync();
      expect(texts(log)).toEqual(["a".repeat(50), "b"]);
      await log.close();
      rmSync(join(folder, files()[1] as string));
    }
  });

  it("drops whole segments and never the last", async () => {
    const log = openFileLog(folder, { segmentBytes: 40 });
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

  it("bounds a record and knows whether a log was there", async () => {
    expect(fileLogExists(folder)).toBe(false);
    const log = openFileLog(folder, { maxRecordBytes: 10 });
    expect(() => log.append(new Uint8Array(11))).toThrow(expect.objectContaining({ code: "LOG_RECORD_TOO_LARGE" }));
    await log.close();
    expect(fileLogExists(folder)).toBe(true);
    await expect(log.sync()).rejects.toMatchObject({ code: "LOG_FAILED" });
  });

  it("opens or refuses with a code whatever the file holds", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(), (garbage, at) => {
        const inner = mkdtempSync(join(folder, "fuzz-"));
        const bytes = Buffer.concat([Buffer.from("noemalg1"), Buffer.alloc(8), garbage]);
        bytes[at % bytes.length] = 7;
        writeFileSync(join(inner, "0000000000000000.log"), bytes);
        try {
          void openFileLog(inner).close();
        } catch (error) {
          expect(error).toMatchObject({ code: "LOG_DAMAGED" });
        }
      }),
      { numRuns: 200 },
    );
  });
});
