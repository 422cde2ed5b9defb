/**
 * Blocks through the whole service over a store of this machine's disk:
 *   npm run noema -- tool script execution/bench/blocks.ts [blocks] [transactions a block] [senders]
 * Prints milliseconds and bytes of disk for an empty block, and transfers/s. Core-microseconds are what to compare on a shared machine.
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { integer } from "@noema/core/arguments";
import { fromHex, to0x } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import { createExecutionService } from "../src/service.ts";
import { COINBASE, echoPrecompiles, signedTx, testAddress, testGenesis } from "../src/testing/chain.ts";
import { openLmdb } from "../test/lmdb-store.ts";

const count = integer(1, 1_000_000);
const [blocks, perBlock, senders] = [process.argv[2] ?? "10", process.argv[3] ?? "500", process.argv[4] ?? "200"].map(count) as [
  number,
  number,
  number,
];
const folder = mkdtempSync(join(tmpdir(), "noema-bench-"));
const kv = openLmdb(folder);
const genesis = testGenesis(senders);
const service = createExecutionService({
  kv,
  precompiles: echoPrecompiles(),
  genesis,
  genesisHash: sha256(fromHex("0x01")),
  logger: { log() {} },
});
await service.start();

let height = 0;
async function run(txs: Uint8Array[]): Promise<number> {
  height++;
  const started = performance.now();
  const { txs: included } = await service.execute({
    height,
    parentConsensusHash: sha256(Uint8Array.of(height & 255, height >> 8)),
    timestampMs: genesis.timestampMs + 2000 * height,
    coinbase: COINBASE,
    prevRandao: sha256(Uint8Array.of(height & 255)),
    system: [],
    txs,
  });
  if (included !== txs.length) throw new Error(`${included} of ${txs.length} included`);
  return performance.now() - started;
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] as number;
const size = () => statSync(join(folder, "data.mdb")).blocks * 512;

const empty: number[] = [];
for (let i = 0; i < 300; i++) empty.push(await run([]));
const before = size();
const idle = process.cpuUsage();
for (let i = 0; i < 900; i++) empty.push(await run([]));
const spent = process.cpuUsage(idle);
console.log(
  `empty block: median ${median(empty).toFixed(2)} ms, ${((spent.user + spent.system) / 900).toFixed(0)} core-µs; ${((size() - before) / 900).toFixed(0)} bytes of disk each (file ${size()} bytes)`,
);

const nonces = new Array<number>(senders).fill(0);
const batches: Uint8Array[][] = [];
for (let b = 0; b < blocks; b++)
  batches.push(
    Array.from({ length: perBlock }, (_, i) => {
      const from = i % senders;
      const to = to0x(testAddress((i * 7 + b) % (2 * senders))) as `0x${string}`;
      return signedTx(from, { nonce: BigInt(nonces[from]++ as never), to, value: 1n, gasLimit: 21_000n });
    }),
  );
const times: number[] = [];
const cpu = process.cpuUsage();
for (const batch of batches) times.push(await run(batch));
const { user, system } = process.cpuUsage(cpu);
const total = times.reduce((a, b) => a + b, 0);
console.log(
  `${blocks} blocks of ${perBlock} transfers, ${senders} senders: ${((1000 * blocks * perBlock) / total).toFixed(0)} transfers/s, ${((user + system) / blocks / perBlock).toFixed(0)} core-µs each (all threads); median block ${median(times).toFixed(1)} ms, all ${times.map((t) => t.toFixed(0)).join(" ")}`,
);
await service.stop();
await kv.close();
rmSync(folder, { recursive: true });
