/** What damage does to a log: everything that was acknowledged is there, or the log says that it is not. */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toHex } from "@noema/core/bytes";
import { createSeededRandom } from "@noema/core/testing/seeded-random";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FileLogOptions, openFileLog } from "./file-log.ts";
import { testOwner } from "./testing/log-owner.ts";

const SEED = process.env.SEED ?? "log damage";
process.stdout.write(`seed: ${SEED}\n`);
const random = createSeededRandom(SEED);
const pick = <T>(from: readonly T[]) => from[random.integer(from.length)] as T;
const RECORDS = 32;
const OPTIONS: FileLogOptions = { segmentBytes: 500, expected: true };
const open = (path: string, owner = testOwner(), name = "log") => openFileLog(path, owner, name, OPTIONS);
const contents = (log: ReturnType<typeof open>) => [...log.replay()].map(([at, record]) => `${at} ${toHex(record)}`);

let root = "";
let whole: string[] = [];
let made = 0;
const original = () => join(root, "original");
const segments = (path: string) =>
  readdirSync(path)
    .filter((name) => name.endsWith(".log"))
    .sort();

beforeAll(async () => {
  // thousands of logs are opened, and their fsyncs prove nothing here
  root = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "noema-damage-"));
  const log = open(original());
  log.settle();
  for (let i = 0; i < RECORDS; ) {
    for (const end = i + 1 + random.integer(3); i < end && i < RECORDS; i++) log.append(random.bytes(random.integer(60)));
    await log.sync();
  }
  whole = contents(log);
  await log.close();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function copy(): string {
  const path = join(root, `copy-${made++}`);
  cpSync(original(), path, { recursive: true });
  return path;
}

/** Never fewer records without a word; never one that was not written; what is said stays said until it is settled. */
async function examine(path: string, what: string): Promise<string | undefined> {
  const log = open(path);
  const found = contents(log);
  const { loss } = log;
  if (loss === undefined) expect(found, what).toEqual(whole);
  expect(
    found.filter((record) => !whole.includes(record)),
    what,
  ).toEqual([]);
  const added = log.append(Uint8Array.of(1, 2, 3));
  await log.sync();
  await log.close();

  const again = open(path);
  expect(again.loss === undefined, what).toBe(loss === undefined);
  expect(contents(again), what).toEqual([...found, `${added} 010203`]);
  again.settle();
  await again.close();
  const settled = open(path);
  expect(settled.loss, what).toBeUndefined();
  expect(contents(settled), what).toEqual([...found, `${added} 010203`]);
  await settled.close();
  rmSync(path, { recursive: true });
  return loss;
}

describe("damage of a log", () => {
  it("a flipped bit at any byte of its files", async () => {
    for (const name of [...segments(original()), "mark"]) {
      const good = readFileSync(join(original(), name));
      for (let at = 0; at < good.length; at++) {
        const path = copy();
        const bad = Buffer.from(good);
        bad[at] = (bad[at] as number) ^ (1 << random.integer(8));
        writeFileSync(join(path, name), bad);
        const loss = await examine(path, `${name}, byte ${at}`);
        if (name !== "mark") expect(loss, `${name}, byte ${at}`).toBeDefined();
      }
    }
  });

  it("cut short at 50 places", async () => {
    for (let i = 0; i < 50; i++) {
      const path = copy();
      const name = pick(segments(path));
      const length = random.integer(readFileSync(join(path, name)).length);
      truncateSync(join(path, name), length);
      expect(await examine(path, `${name} cut to ${length}`)).toBeDefined();
    }
  });

  it("any one segment missing, the first and the newest too, all of them, the mark, and the folder", async () => {
    const names = segments(original());
    expect(names.length).toBeGreaterThan(2);
    for (const gone of [...names.map((name) => [name]), names, ["mark"], [...names, "mark"]]) {
      const path = copy();
      for (const name of gone) rmSync(join(path, name));
      expect(await examine(path, `without ${gone}`)).toBeDefined();
    }
  });

  it("several at once: flips, cuts, swaps of files", async () => {
    for (let round = 0; round < 40; round++) {
      const path = copy();
      const done: string[] = [];
      for (let i = 0; i < 3; i++) {
        const name = pick(segments(path));
        const bytes = readFileSync(join(path, name));
        if (random.integer(4) === 0) renameSync(join(path, name), join(path, `${String(random.integer(3000)).padStart(16, "0")}.log`));
        else
          writeFileSync(
            join(path, name),
            bytes.map((byte) => (random.integer(100) === 0 ? random.integer(256) : byte)),
          );
        done.push(name);
      }
      await examine(path, `round ${round}: ${done}`);
    }
  });

  it("belongs to one key, one chain and one name: others are refused, and the error names both keys", async () => {
    const other = testOwner(1);
    const refused = (path: string, owner: ReturnType<typeof testOwner>, name?: string) =>
      expect(() => open(path, owner, name)).toThrow(expect.objectContaining({ code: "LOG_OTHER_OWNER" }));
    refused(original(), other);
    refused(original(), { ...testOwner(), genesisHash: new Uint8Array(32) });
    refused(original(), testOwner(), "another");
    expect(() => open(original(), other)).toThrow(new RegExp(`${toHex(testOwner().publicKey)}.*${toHex(other.publicKey)}`));
    const path = join(root, "mixed");
    await open(path, other).close();
    rmSync(join(path, segments(path)[0] as string));
    for (const name of segments(original())) cpSync(join(original(), name), join(path, name));
    refused(path, other); // its files alone, beside the right mark
    await examine(copy(), "left alone");
  });

  it("of the version before, which named no owner, is refused", () => {
    const path = copy();
    writeFileSync(join(path, segments(path)[0] as string), Buffer.concat([Buffer.from("noemalg1"), Buffer.alloc(60)]));
    expect(() => open(path)).toThrow(expect.objectContaining({ code: "LOG_OLD_VERSION" }));
  });
});
