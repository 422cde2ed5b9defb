/**
 * Proofs at the heights whose state is kept, over a store of this machine's disk:
 *   npm run noema -- tool script execution/bench/proofs.ts [accounts] [blocks] [transfers a block]
 * Each transfer changes two accounts and two slots of one contract, that has as many slots as there are accounts. Prints milliseconds and
 * operations of a commit, and for some heights back the CPU milliseconds of a proof of an account and of one with a slot of the contract.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { integer } from "@noema/core/arguments";
import { compareBytes, u32be, u64be } from "@noema/core/bytes";
import { keccak256, sha256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { EMPTY_CODE_HASH } from "../src/state/account.ts";
import { commitDiff } from "../src/state/commit.ts";
import type { AccountDiff } from "../src/state/diff.ts";
import { proveAccount } from "../src/state/proof.ts";
import { createRoots } from "../src/state/roots.ts";
import { EMPTY_ROOT } from "../src/trie/node.ts";
import { openLmdb } from "../test/lmdb-store.ts";

const [accounts, blocks, transfers] = [process.argv[2] ?? "100000", process.argv[3] ?? "128", process.argv[4] ?? "1000"].map(
  integer(1, 10_000_000),
) as [number, number, number];
const PROOFS = 40;

const folder = mkdtempSync(join(tmpdir(), "noema-bench-"));
const kv = openLmdb(folder);
const address = (i: number): Bytes => sha256(u32be(i)).subarray(0, 20);
const contract = sha256(Uint8Array.of(9)).subarray(0, 20);
const slot = (i: number): Hash => sha256(u32be(i), Uint8Array.of(1));
let drawn = 0;
const draw = () =>
  Number(
    BigInt(
      `0x${Buffer.from(keccak256(u32be(drawn++)))
        .toString("hex")
        .slice(0, 12)}`,
    ) % BigInt(accounts),
  );

let roots = createRoots(EMPTY_ROOT);
const rootOf: Hash[] = [];
let operations = 0;
async function commit(height: number, touched: readonly number[]): Promise<void> {
  const snapshot = kv.snapshot();
  const diffs: AccountDiff[] = touched.map((i) => ({
    address: address(i),
    after: { nonce: BigInt(height), balance: 1n + BigInt(height), codeHash: EMPTY_CODE_HASH },
    cleared: false,
    slots: [],
  }));
  const slots = touched.map((i) => ({ key: slot(i), value: u64be(1 + height) }));
  diffs.push({ address: contract, after: { nonce: 1n, balance: 0n, codeHash: EMPTY_CODE_HASH }, cleared: false, slots });
  const { ops, stateRoot } = commitDiff(snapshot, roots, height, {
    accounts: diffs.sort((a, b) => compareBytes(a.address, b.address)),
    codes: [],
  });
  snapshot.close();
  operations = ops.length;
  await kv.write(ops, false);
  roots.settle(stateRoot, true);
  rootOf[height] = stateRoot;
}

await commit(
  0,
  Array.from({ length: accounts }, (_, i) => i),
);
const cpu = process.cpuUsage();
for (let height = 1; height <= blocks; height++) await commit(height, [...new Set(Array.from({ length: 2 * transfers }, draw))]);
const { user, system } = process.cpuUsage(cpu);
console.log(
  `commit: ${((user + system) / 1000 / blocks).toFixed(1)} ms of CPU and ${operations} operations a block of ${transfers} transfers`,
);

roots = createRoots(EMPTY_ROOT); // so that no garbage collection of theirs is in the figures
const snapshot = kv.snapshot();
const headRoot = rootOf[blocks] as Hash;
function proofs(height: number, of: Bytes, keys: () => Hash[]): string {
  const times = Array.from({ length: PROOFS }, () => {
    const started = process.threadCpuUsage();
    const at = of === contract ? of : address(draw());
    proveAccount({ snapshot, height, head: blocks, headRoot, stateRoot: rootOf[height] as Hash }, at, keys());
    const { user, system } = process.threadCpuUsage(started);
    return (user + system) / 1000;
  });
  const [first] = times;
  times.sort((a, b) => a - b);
  return `median ${(times[PROOFS >> 1] as number).toFixed(1)}, most ${(times.at(-1) as number).toFixed(1)}, first ${(first as number).toFixed(1)}`;
}
for (const back of [0, 1, 16, 64, 127].filter((x) => x < blocks)) {
  console.log(`${back} back, ms: an account ${proofs(blocks - back, address(0), () => [])}`);
  console.log(`${back} back, ms: a slot ${proofs(blocks - back, contract, () => [slot(draw())])}`);
}
snapshot.close();
await kv.close();
rmSync(folder, { recursive: true });
