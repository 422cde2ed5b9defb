/** µs of CPU a transaction through the pool without recovery: `npm run noema -- tool script execution/bench/pool.ts [transactions at once]`. */
import { integer } from "@noema/core/arguments";
import { toHex } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import { createMemoryLog } from "@noema/core/testing/memory-log";
import { nullLogger, nullMetrics } from "@noema/core/testing/null-ports";
import { createSimClock } from "@noema/core/testing/sim-clock";
import { createPool } from "../src/pool/pool.ts";
import { forkOf } from "../src/rules/forks.ts";
import { EMPTY_ACCOUNT } from "../src/state/account.ts";
import type { Identity } from "../src/transactions/identify.ts";
import { signTransaction } from "../src/transactions/testing/sign-transaction.ts";

const AT_ONCE = integer(1, 20_000)(process.argv[2] ?? "1");
const SENDERS = 2_000;
const EACH = 10;
const key = new Uint8Array(32).fill(1);
const identities = new Map<string, Identity>();
const raws: Bytes[] = [];
for (let i = 0; i < SENDERS; i++) {
  const address = new Uint8Array(20);
  new DataView(address.buffer).setUint32(0, i);
  for (let nonce = 0; nonce < EACH; nonce++) {
    const raw = signTransaction({ chainId: 1n, nonce: BigInt(nonce), value: BigInt(i), maxPriorityFeePerGas: BigInt(i) }, key);
    identities.set(toHex(raw.subarray(-32)), { hash: keccak256(raw), sender: address });
    raws.push(raw);
  }
}

const pool = createPool(
  { maxTransactions: 18_000 },
  {
    chainId: 1n,
    fork: forkOf("osaka"),
    accounts: async (addresses) => addresses.map(() => ({ ...EMPTY_ACCOUNT, balance: 10n ** 20n })),
    code: async () => new Uint8Array(0),
    journal: createMemoryLog(),
    identify: async (asked) => asked.map((raw) => identities.get(toHex(raw.subarray(-32))) as Identity),
    clock: createSimClock(),
    baseFee: () => 1n,
    maxTransactionGas: () => 30_000_000n,
    blockGas: () => 30_000_000n,
    homeRank: () => 0,
    epoch: () => 0,
    logger: nullLogger,
    metrics: nullMetrics,
  },
);
await pool.start();

/** µs of this thread: other load on the machine does not count. */
function micros(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

let start = micros();
let refused = 0;
for (let at = 0; at < raws.length; at += AT_ONCE)
  for (const outcome of await pool.addAll(raws.slice(at, at + AT_ONCE), "local")) if ("error" in outcome) refused++;
console.log(
  `add, ${AT_ONCE} at once: ${((micros() - start) / raws.length).toFixed(1)} µs each, ${raws.length} of which ${refused} refused (pool full)`,
);

start = micros();
let taken = 0;
let batches = 0;
for (let batch = pool.take(131_072, 300_000_000n); batch; batch = pool.take(131_072, 300_000_000n)) {
  taken += batch.txs.length;
  batches++;
}
console.log(
  `take: ${((micros() - start) / taken).toFixed(1)} µs each, ${((micros() - start) / 1000 / batches).toFixed(1)} ms a batch of ${Math.round(taken / batches)}`,
);
