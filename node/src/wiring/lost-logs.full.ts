/** A validator's logs as its node opens them: damage of the vote log is the lost-log rule, of the others a line, of all never silence. */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LogRecord } from "@noema/consensus/engine/events";
import { openVoteLog } from "@noema/consensus/log/vote-log";
import { recoverLog } from "@noema/consensus/runtime/recovery";
import type { Cert } from "@noema/consensus/types";
import { publicKeyOf, secretKeyFromSeed } from "@noema/core/crypto/bls";
import { sha256 } from "@noema/core/hash";
import type { AppendLog } from "@noema/core/ports/append-log";
import type { PublicKeyHex } from "@noema/core/ports/signing";
import { createRecordingLogger, nullMetrics } from "@noema/core/testing/null-ports";
import { createSeededRandom } from "@noema/core/testing/seeded-random";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createDamage } from "../health/damage.ts";
import { initValidator } from "../setup.ts";
import { endless } from "../store/room.ts";
import { openStorage } from "./storage.ts";

const SEED = process.env.SEED ?? "lost logs";
process.stdout.write(`seed: ${SEED}\n`);
const random = createSeededRandom(SEED);
const genesisHash = sha256(Uint8Array.of(1));
const keys = [1, 2].map((n) => secretKeyFromSeed(sha256(Uint8Array.of(n))));
const owners = keys.map((key) => ({ genesisHash, publicKey: publicKeyOf(key) }));
const VIEWS = 5;
let root = "";
let made = 0;
const original = (i = 0) => join(root, `validator-${i}`);
const hash = (view: number) => sha256(Uint8Array.of(view));
const final = (view: number): Cert => ({
  kind: "finalize",
  epoch: 0,
  view,
  hash: hash(view),
  bitmap: Uint8Array.of(7),
  signature: new Uint8Array(96).fill(view),
});

/** What a validator writes in views 1 to VIEWS; `i` tells two apart. */
function recordsOf(i: number, view: number): LogRecord[] {
  return [
    { type: "Vote", vote: { kind: "notarize", epoch: 0, view, hash: hash(view + 100 * i) } },
    { type: "Vote", vote: { kind: "finalize", epoch: 0, view, hash: hash(view) } },
    { type: "Cert", cert: final(view) },
  ];
}

async function openAll(datadir: string, i = 0) {
  const logger = createRecordingLogger();
  const storage = await openStorage(
    { datadir, store: "lmdb", follow: false },
    owners[i] as (typeof owners)[0],
    endless,
    createDamage(),
    logger,
    nullMetrics,
  );
  return { storage, logger };
}

/** A chain store whose newest block has F of `view`. */
const storeAt = (view: number | undefined) => ({
  tip: () => view ?? 0,
  finalizedUpTo: () => (view === undefined ? undefined : { height: view, cert: final(view) }),
});

beforeAll(async () => {
  // thousands of logs are opened, and their fsyncs prove nothing here
  root = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "noema-lost-"));
  for (const i of [0, 1]) {
    await initValidator(original(i), genesisHash, keys[i]);
    const { storage } = await openAll(original(i), i);
    const votes = openVoteLog(storage.votes, genesisHash);
    for (let view = 1; view <= VIEWS; view++) {
      votes.append(recordsOf(i, view));
      await votes.sync();
    }
    for (const log of [storage.batches, storage.pool, storage.blobs.catalog])
      for (let n = 0; n < 20; n++) {
        log.append(random.bytes(1 + random.integer(200)));
        await log.sync();
      }
    await storage.close();
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function copy(): string {
  const path = join(root, `copy-${made++}`);
  cpSync(original(), path, { recursive: true });
  return path;
}

const signer = { publicKey: "" as PublicKeyHex, sign: async () => new Uint8Array(96) };
const whole = Array.from({ length: VIEWS }, (_, i) => recordsOf(0, i + 1)).flat();

/** Opens the vote log as a node does. "whole", or "lost": nothing of it is left but the state, and the next start finds that state. */
async function reopened(votes: AppendLog, newest: number | undefined, what: string): Promise<"whole" | "lost"> {
  const logger = createRecordingLogger();
  const deps = { log: votes, genesisHash, signer, logger };
  const { records } = await recoverLog(deps, storeAt(newest));
  if (logger.lines.length === 0) {
    expect(records, what).toEqual(whole);
    return "whole";
  }
  expect(logger.lines.map((x) => x.level), what).toEqual(["warn"]); // biome-ignore format: one line
  expect(records.map((r) => r.type), what).toEqual(newest === undefined ? ["Lost"] : ["Lost", "Cert"]); // biome-ignore format: one line
  return "lost";
}

async function voteLogAfter(datadir: string, what: string, newest: number | undefined = VIEWS): Promise<"whole" | "lost"> {
  let result: "whole" | "lost" = "whole";
  for (const start of ["first", "second"] as const) {
    const { storage, logger } = await openAll(datadir);
    const isDamaged = storage.votes.loss !== undefined;
    expect(logger.lines.filter((x) => x.fields.folder === join(datadir, "votes")).length, what).toBe(isDamaged ? 1 : 0);
    if (start === "first") result = await reopened(storage.votes, newest, what);
    else {
      const again = createRecordingLogger();
      const { records } = await recoverLog({ log: storage.votes, genesisHash, signer, logger: again }, storeAt(newest));
      expect([again.lines, records.some((r) => r.type === "Lost")], what).toEqual([[], result === "lost"]);
    }
    await storage.close();
  }
  rmSync(datadir, { recursive: true });
  return result;
}

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] as number) ^ (1 << random.integer(8));
  writeFileSync(path, bytes);
}

const VOTES = "votes/0000000000000000.log";

it("a flipped bit at any byte of the vote log: lost, with a line, and never fewer votes", async () => {
  const { length } = readFileSync(join(original(), VOTES));
  for (let at = 0; at < length; at++) {
    const datadir = copy();
    flip(join(datadir, VOTES), at);
    expect(await voteLogAfter(datadir, `byte ${at}`)).toBe("lost");
  }
});

it("the vote log cut at 50 places", async () => {
  const { length } = readFileSync(join(original(), VOTES));
  for (let i = 0; i < 50; i++) {
    const datadir = copy();
    const to = random.integer(length);
    truncateSync(join(datadir, VOTES), to);
    expect(await voteLogAfter(datadir, `cut to ${to}`)).toBe("lost");
  }
});

it("an older copy of the whole vote log lacks the F of the store's tip: lost; a store that lags behind the log is no loss", async () => {
  expect(await voteLogAfter(copy(), "as it was")).toBe("whole");
  expect(await voteLogAfter(copy(), "the store lags", 3)).toBe("whole");
  expect(await voteLogAfter(copy(), "the store is ahead", VIEWS + 1)).toBe("lost");
});

it("a vote log or a key of another validator ends the start with both keys named", async () => {
  const datadir = copy();
  rmSync(join(datadir, "votes"), { recursive: true });
  cpSync(join(original(1), "votes"), join(datadir, "votes"), { recursive: true });
  await expect(openAll(datadir)).rejects.toMatchObject({ code: "LOG_OTHER_OWNER" });
  await expect(openAll(original(), 1)).rejects.toMatchObject({ code: "LOG_OTHER_OWNER" });
});

it("200 flipped bits in the other logs, 50 cuts, and each log gone: a line that names the folder", async () => {
  const folders = ["batches", "pool", "blobs/catalog"];
  const spoil: [string, (folder: string) => void][] = [];
  const fileOf = (folder: string) => join(folder, readdirSync(folder).find((name) => name.endsWith(".log")) as string);
  for (let i = 0; i < 200; i++)
    spoil.push([`flip ${i}`, (folder) => flip(fileOf(folder), random.integer(readFileSync(fileOf(folder)).length))]);
  for (let i = 0; i < 50; i++)
    spoil.push([`cut ${i}`, (folder) => truncateSync(fileOf(folder), random.integer(readFileSync(fileOf(folder)).length))]);
  for (let i = 0; i < 3; i++) spoil.push([`gone ${i}`, (folder) => rmSync(folder, { recursive: true })]);
  for (const [i, [what, damage]] of spoil.entries()) {
    const datadir = copy();
    const folder = join(datadir, folders[i % 3] as string);
    damage(folder);
    const { storage, logger } = await openAll(datadir);
    expect(logger.lines.map((x) => [x.level, x.fields.folder]), what).toEqual([["warn", folder]]); // biome-ignore format: one line
    await storage.close();
    rmSync(datadir, { recursive: true });
  }
});
