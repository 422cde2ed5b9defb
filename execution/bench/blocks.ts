/**
 * Blocks through the whole service over a store of this machine's disk, with senders that are known, as in a node:
 *   npm run noema -- tool script execution/bench/blocks.ts [transfers|fresh|erc20] [blocks] [transactions a block] [senders]
 * Prints core-microseconds a transaction: of this thread, which executes, and of all others of the process (garbage, compiling, disk).
 * They are what to compare on a shared machine, in units of one recovery of a sender that is measured beside them.
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { integer } from "@noema/core/arguments";
import { fromHex } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import { createExecutionService } from "../src/service.ts";
import { COINBASE, echoPrecompiles, testGenesis } from "../src/testing/chain.ts";
import { decodeTransaction } from "../src/transactions/decode.ts";
import { recoverSender } from "../src/transactions/recover-sender.ts";
import { openLmdb } from "../test/lmdb-store.ts";
import { createLoad, LOADS, type LoadName, type SignedTransactions } from "./load.ts";

const count = integer(1, 1_000_000);
const [name = "transfers", ...numbers] = process.argv.slice(2);
if (!(LOADS as readonly string[]).includes(name)) throw new Error(`no load is called ${name}; there are ${LOADS.join(", ")}`);
const [blocks, perBlock, senders] = [numbers[0] ?? "20", numbers[1] ?? "1000", numbers[2] ?? "200"].map(count) as [number, number, number];
const folder = mkdtempSync(join(tmpdir(), "noema-bench-"));
const kv = openLmdb(folder);
const genesis = testGenesis(senders, {}, { gasLimit: "1000000000" });
const service = createExecutionService({
  kv,
  precompiles: echoPrecompiles(),
  genesis,
  genesisHash: sha256(fromHex("0x01")),
  logger: { log() {} },
});
await service.start();

let height = 0;
async function run({ txs, senders }: SignedTransactions): Promise<number> {
  height++;
  const started = performance.now();
  const { txs: included, failed } = await service.execute({
    height,
    parentConsensusHash: sha256(Uint8Array.of(height & 255, height >> 8)),
    timestampMs: genesis.timestampMs + 2000 * height,
    coinbase: COINBASE,
    prevRandao: sha256(Uint8Array.of(height & 255)),
    system: [],
    txs,
    senders,
  });
  if (included !== txs.length || failed > 0) throw new Error(`${included} of ${txs.length} included, ${failed} failed`);
  return performance.now() - started;
}

/** Core-microseconds a unit, of this thread and of the others. */
async function spent(units: number, of: () => Promise<void>): Promise<{ own: number; others: number }> {
  const [thread, all] = [process.threadCpuUsage(), process.cpuUsage()];
  await of();
  const [own, total] = [process.threadCpuUsage(thread), process.cpuUsage(all)];
  return { own: (own.user + own.system) / units, others: (total.user + total.system - own.user - own.system) / units };
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] as number;
const size = () => statSync(join(folder, "data.mdb")).blocks * 512;

async function recovery(raw: Bytes): Promise<number> {
  const times = 2000;
  const { own } = await spent(times, async () => {
    for (let i = 0; i < times; i++) recoverSender(decodeTransaction(raw));
  });
  return own;
}

async function empty(times: number): Promise<number[]> {
  const all: number[] = [];
  for (let i = 0; i < times; i++) all.push(await run({ txs: [], senders: [] }));
  return all;
}

const load = createLoad(name as LoadName, senders);
for (const block of load.first) await run(block);
await empty(100);
const idleSize = size();
let idle: number[] = [];
const idleCost = await spent(300, async () => {
  idle = await empty(300);
});
console.log(
  `empty block: median ${median(idle).toFixed(2)} ms, ${idleCost.own.toFixed(0)} + ${idleCost.others.toFixed(0)} core-µs; ${((size() - idleSize) / 300).toFixed(0)} bytes of disk each`,
);

const work = Array.from({ length: blocks }, () => load.next(perBlock));
const warm = Math.ceil(blocks / 4);
for (const block of work.slice(0, warm)) await run(block);
const rest = work.slice(warm);
const times: number[] = [];
const before = size();
const { own, others } = await spent(rest.length * perBlock, async () => {
  for (const block of rest) times.push(await run(block));
});
const yard = await recovery((rest[0] as SignedTransactions).txs[0] as Bytes);
const total = times.reduce((a, b) => a + b, 0);
console.log(
  `${name}: ${rest.length} blocks of ${perBlock}, ${senders} senders: ${own.toFixed(1)} core-µs each on this thread (${(own / yard).toFixed(2)} recoveries of ${yard.toFixed(0)}), ${others.toFixed(1)} on others; ${((1000 * rest.length * perBlock) / total).toFixed(0)}/s, median block ${median(times).toFixed(1)} ms, ${((size() - before) / rest.length / perBlock).toFixed(0)} bytes of disk each`,
);
await service.stop();
await kv.close();
rmSync(folder, { recursive: true });
