/** µs of CPU a transaction for decode + hash, signing hash and recovery: `npm run noema -- tool script execution/bench/transactions.ts`. */
import { keccak256 } from "@noema/core/hash";
import { decodeTransaction } from "../src/transactions/decode.ts";
import { recoverSender } from "../src/transactions/recover-sender.ts";
import { readSignedForm } from "../src/transactions/signed-form.ts";
import { signTransaction } from "../src/transactions/testing/sign-transaction.ts";
import type { Transaction } from "../src/transactions/transaction.ts";

const key = new Uint8Array(32).fill(7);
const call = new Uint8Array(68).fill(1);
const samples = {
  "legacy transfer": signTransaction({ type: 0, chainId: 1337n, nonce: 300n, value: 10n ** 18n }, key),
  "1559 transfer": signTransaction({ type: 2, chainId: 1337n, nonce: 300n, value: 10n ** 18n }, key),
  "1559 token call": signTransaction({ type: 2, chainId: 1337n, nonce: 300n, gasLimit: 60_000n, data: call }, key),
};

/** Of this thread: other load on the machine does not count. */
function threadMicros(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

function micros(run: () => void, count: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5; round++) {
    const start = threadMicros();
    for (let i = 0; i < count; i++) run();
    best = Math.min(best, (threadMicros() - start) / count);
  }
  return best;
}

for (const [name, raw] of Object.entries(samples)) {
  const tx: Transaction = decodeTransaction(raw);
  const decode = micros(() => decodeTransaction(raw), 20_000);
  const hash = micros(() => keccak256(readSignedForm(raw).signed), 20_000);
  const recover = micros(() => recoverSender(tx), 500);
  console.log(
    `${name}: decode + hash ${decode.toFixed(1)} µs, signing hash ${hash.toFixed(1)} µs, recovery with it ${recover.toFixed(0)} µs (best of 5)`,
  );
}
