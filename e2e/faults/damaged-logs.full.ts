/**
 * A validator of four whose logs are damaged under load: it says what it lost, signs nothing that contradicts what it had signed, and
 * the chain goes on. What it had signed is read from copies of its logs, taken before the damage and at the end.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeRecord } from "@noema/consensus/log/records";
import { fromHex, toHex } from "@noema/core/bytes";
import { availabilityHeaderHash } from "@noema/core/types/availability";
import { decodeBatchHeader } from "@noema/da-layer/payload/batch";
import { openFileLog } from "@noema/node/store/file-log";
import { afterAll, beforeAll, expect, it } from "vitest";
import { heightOf, reach, requireOneChain, votedAfter } from "../harness/chain.ts";
import { type RunningDevnet, startDevnet } from "../harness/devnet.ts";
import { createSeededRandom } from "../harness/random.ts";
import { startTraffic, type Traffic } from "../harness/traffic.ts";

/** Blocks of an epoch of a devnet. */
const EPOCH = 64;
const random = createSeededRandom("damaged-logs");
let devnet: RunningDevnet;
let traffic: Traffic;
let copies = "";

beforeAll(async () => {
  copies = mkdtempSync(join(tmpdir(), "noema-copies-"));
  devnet = await startDevnet(["--block-time", "0.1"]);
  traffic = await startTraffic(devnet, [0], 1000);
});
afterAll(async () => {
  await traffic?.stop();
  await devnet?.destroy();
  rmSync(copies, { recursive: true, force: true });
});

const folderOf = (index: number) => devnet.validators[index]?.datadir as string;
const newestOf = (folder: string) =>
  join(
    folder,
    readdirSync(folder)
      .filter((name) => name.endsWith(".log"))
      .sort()
      .at(-1) as string,
  );

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] as number) ^ (1 << random.below(8));
  writeFileSync(path, bytes);
}

/** What validator `index` has signed by its logs as they are now: a key that stands for one signature each, and what it was over. */
function signedBy(index: number): [key: string, over: string][] {
  const owner = {
    genesisHash: fromHex(readFileSync(join(folderOf(index), "genesis-hash"), "utf8").trim()),
    publicKey: fromHex(JSON.parse(readFileSync(join(folderOf(index), "keys", "validator.json"), "utf8")).publicKey),
  };
  const records = (name: string) => {
    const copy = mkdtempSync(join(copies, name));
    // the mark first: in the copy of a running validator's log it may be older than the rest, never newer
    for (const file of ["mark", ...readdirSync(join(folderOf(index), name)).filter((x) => x !== "mark")])
      cpSync(join(folderOf(index), name, file), join(copy, file));
    const log = openFileLog(copy, owner, name);
    expect(log.loss).toBeUndefined();
    return [...log.replay()].map(([, record]) => record);
  };
  const signed: [string, string][] = [];
  for (const record of records("votes").map(decodeRecord)) {
    if (record.type !== "Vote") continue;
    const { kind, epoch, view, hash } = record.vote;
    if (kind === "notarize") signed.push([`notarize ${epoch} ${view}`, toHex(hash ?? new Uint8Array())]);
    else signed.push([`nullify or finalize ${epoch} ${view}`, kind === "nullify" ? kind : toHex(hash ?? new Uint8Array())]);
  }
  for (const record of records("batches")) {
    if (record[0] !== 1) continue;
    const header = decodeBatchHeader(record);
    signed.push([`batch ${header.publisher} ${header.epoch} ${header.seq}`, toHex(availabilityHeaderHash(header))]);
  }
  return signed;
}

function requireNoPair(signed: readonly [string, string][]): void {
  const first = new Map<string, string>();
  for (const [key, over] of signed) {
    if (!first.has(key)) first.set(key, over);
    expect(first.get(key), key).toBe(over);
  }
}

const before: [string, string][][] = [];

it.each([
  [
    "a flipped bit in the middle of the vote log",
    "votes",
    (folder: string) => flip(newestOf(folder), readFileSync(newestOf(folder)).length >> 1),
  ],
  ["the newest file of the vote log gone", "votes", (folder: string) => rmSync(newestOf(folder))],
  ["byte 20 of the batch log flipped", "batches", (folder: string) => flip(newestOf(folder), 20)],
  [
    "the batch log cut in the middle",
    "batches",
    (folder: string) =>
      writeFileSync(newestOf(folder), readFileSync(newestOf(folder)).subarray(0, readFileSync(newestOf(folder)).length >> 1)),
  ],
] as const)("%s: said, and it goes on", async (_what, name, damage) => {
  const victim = before.length;
  const others = devnet.rpcUrls.filter((_, i) => i !== victim);
  const [witness] = others as [string];
  await traffic.included(witness, 2);
  await devnet.kill(victim);
  before.push(signedBy(victim));
  damage(join(folderOf(victim), name));
  const log = join(folderOf(victim), "node.log");
  const seen = readFileSync(log, "utf8").length;
  await devnet.restart(victim);
  const said = readFileSync(log, "utf8").slice(seen);
  expect(said).toMatch(new RegExp(`"level":"warn".*"folder":"${join(folderOf(victim), name)}".*a log has lost records`));
  if (name === "votes") expect(said).toContain("the vote log is missing or not whole");

  const target = await heightOf(witness);
  await reach([devnet.rpcUrls[victim] as string], target);
  await votedAfter(others, victim, target);
  await traffic.included(witness, 2);
});

it("no validator signed two things where one is allowed, and there is one chain", async () => {
  await requireOneChain(devnet.rpcUrls);
  for (const [victim, signed] of before.entries()) {
    expect(signed.length).toBeGreaterThan(0);
    requireNoPair([...signed, ...signedBy(victim)]);
  }
});

it("all sign headers of data again in the epoch after next, and still contradict nothing", async () => {
  const [witness] = devnet.rpcUrls as [string];
  const free = Math.floor((await heightOf(witness)) / EPOCH) + 3; // the next start of an epoch that nobody may have lost
  await reach(devnet.rpcUrls, free * EPOCH);
  await traffic.included(witness, 8);
  await requireOneChain(devnet.rpcUrls);
  for (const [victim, signed] of before.entries()) {
    const after = signedBy(victim);
    requireNoPair([...signed, ...after]);
    const again = after.filter(([key]) => key.startsWith("batch ") && Number(key.split(" ")[2]) >= free);
    expect(again.length, `validator ${victim}`).toBeGreaterThan(0);
  }
});

it("another validator's vote log ends the start with its code", async () => {
  const [a, b] = [2, 3] as const;
  await Promise.all([a, b].map(devnet.kill));
  rmSync(join(folderOf(a), "votes"), { recursive: true });
  cpSync(join(folderOf(b), "votes"), join(folderOf(a), "votes"), { recursive: true });
  const { status, stdout, stderr } = spawnSync("sh", ["-c", `exec ${devnet.validators[a]?.command}`], { encoding: "utf8" });
  expect(`${stdout}${stderr}`).toContain("LOG_OTHER_OWNER");
  expect(status).toBe(1);
});
