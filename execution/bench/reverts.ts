/**
 * Snapshots and reverts over a store of this machine's disk:
 *   npm run noema -- tool script execution/bench/reverts.ts [accounts] [changed] [rounds]
 * Each round takes a snapshot, changes so many of the accounts, and goes back. Prints milliseconds of each whole height, its durable write
 * among them, by the clock and of this thread's CPU, and beside them an empty height's: what the machine takes for that alone.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { integer } from "@noema/core/arguments";
import { fromHex, to0x, u32be } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import type { SystemInput } from "../src/api.ts";
import { createExecutionService } from "../src/service.ts";
import { COINBASE, echoPrecompiles, testGenesis } from "../src/testing/chain.ts";
import { INSTANT, revertInput, setInput, snapshotInput } from "../src/testing/operations.ts";
import { openLmdb } from "../test/lmdb-store.ts";

const count = integer(1, 1_000_000);
const [accounts, changed, rounds] = [0, 1, 2].map((i) => count(process.argv[2 + i] ?? (["100000", "100", "20"][i] as string))) as [
  number,
  number,
  number,
];
const addressOf = (i: number): Bytes => sha256(u32be(i)).subarray(0, 20);
const alloc = Object.fromEntries(Array.from({ length: accounts }, (_, i) => [to0x(addressOf(i)), { balance: "1000000000000000000" }]));
const folder = mkdtempSync(join(tmpdir(), "noema-bench-"));
const kv = openLmdb(folder);
const genesis = { ...testGenesis(1, alloc, { history: 0 }), ...INSTANT };
const service = createExecutionService({
  kv,
  precompiles: echoPrecompiles(),
  genesis,
  genesisHash: sha256(fromHex("0x01")),
  logger: { log() {} },
});
await service.start();

let height = 0;
async function run(system: readonly SystemInput[]) {
  height++;
  const [started, cpu] = [performance.now(), process.threadCpuUsage()];
  const { operations } = await service.execute({
    height,
    parentConsensusHash: sha256(u32be(height)),
    timestampMs: genesis.timestampMs + 2000 * height,
    coinbase: COINBASE,
    prevRandao: sha256(u32be(height)),
    system,
    txs: [],
  });
  if (operations.some((x) => x.outcome !== 0))
    throw new Error(`an operation ended with ${operations.find((x) => x.outcome !== 0)?.outcome}`);
  const { user, system: kernel } = process.threadCpuUsage(cpu);
  return { ms: performance.now() - started, cpuMs: (user + kernel) / 1000, value: operations[0]?.value };
}

type Times = { ms: number; cpuMs: number }[];
const spent: Record<"empty" | "snapshot" | "revert", Times> = { empty: [], snapshot: [], revert: [] };
for (let round = 0; round < rounds; round++) {
  spent.empty.push(await run([]));
  const snapshot = await run([snapshotInput()]);
  const place = (i: number) => addressOf((round * changed + i) % accounts);
  await run(Array.from({ length: changed }, (_, i) => setInput({ address: place(i), balance: BigInt(round + i) })));
  const back = await run([revertInput({ snapshot: snapshot.value as number })]);
  for (const i of [0, changed - 1]) {
    const [account] = await service.accounts(height, [place(i)]);
    if (account?.balance !== 10n ** 18n) throw new Error("the revert has not restored a balance");
  }
  spent.snapshot.push(snapshot);
  spent.revert.push(back);
}
console.log(`${accounts} accounts, ${changed} changed, ${rounds} rounds; ms of a height: median and most, then of CPU`);
for (const [name, times] of Object.entries(spent)) {
  const of = (key: "ms" | "cpuMs") => times.map((x) => x[key]).sort((a, b) => a - b);
  const shown = (["ms", "cpuMs"] as const).flatMap((key) => [of(key)[rounds >> 1] as number, of(key).at(-1) as number]);
  console.log(name.padEnd(9), ...shown.map((x) => x.toFixed(1).padStart(7)));
}
await service.stop();
await kv.close();
rmSync(folder, { recursive: true });
