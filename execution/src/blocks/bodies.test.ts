/** Transactions and receipts in rows: there and back, as committed bytes, and with damage. */
import { toHex } from "@noema/core/bytes";
import { isNoemaError } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";
import type { KvOp } from "@noema/core/ports/kv-store";
import { createMemoryStore } from "@noema/core/testing/memory-store";
import { createSeededRandom } from "@noema/core/testing/seeded-random";
import { expect, it } from "vitest";
import type { ExecutedTransaction } from "../engine/engine.ts";
import { ROW_BYTES } from "../row-bytes.ts";
import { createdAddress } from "../rules/created-address.ts";
import { effectiveGasPrice } from "../rules/fees.ts";
import { BODIES } from "../tables.ts";
import { signedTx, testAddress } from "../testing/chain.ts";
import { decodeCanonical } from "../transactions/decode.ts";
import { bloomOf, NO_BLOOM } from "./bloom.ts";
import { bodyOps, listOf, placed, readSummary, readTransaction, readTransactions } from "./bodies.ts";

const SEED = process.env.SEED ?? "bodies";
process.stdout.write(`seed: ${SEED}\n`);
const random = createSeededRandom(SEED);
const HEIGHT = 7;
const BASE_FEE = 875_000_000n;
const TO = `0x${"dd".repeat(20)}` as const;
const raws = [
  signedTx(0, { to: TO, value: 1n }),
  signedTx(1, { to: TO, data: `0x${"ab".repeat(1500)}` }),
  signedTx(2, { data: "0x00" }),
  signedTx(3, { to: TO, data: `0x${"cd".repeat(3000)}` }),
];
type Given = Pick<ExecutedTransaction, "ok" | "gasUsed" | "logs"> & Pick<Partial<ExecutedTransaction>, "blobGasUsed" | "blobGasPrice">;
const log = { address: testAddress(9), topics: [new Uint8Array(32).fill(1)], data: Uint8Array.of(1, 2, 3) };
const kinds: Given[] = [
  { ok: true, gasUsed: 21_000n, logs: [] },
  { ok: false, gasUsed: 21_000n, logs: [] },
  { ok: true, gasUsed: 90_000n, logs: [log, { ...log, topics: [] }] },
  { ok: true, gasUsed: 21_000n, logs: [], blobGasUsed: 131_072n, blobGasPrice: 3n },
];

function executedOf(count: number, kindOf: (i: number) => number): ExecutedTransaction[] {
  let cumulativeGasUsed = 0n;
  return Array.from({ length: count }, (_, i) => {
    const raw = raws[(i * 7) % raws.length] as Bytes;
    const given = kinds[kindOf(i)] as Given;
    const { hash, type, nonce, to, ...tx } = decodeCanonical(raw);
    const sender = testAddress(i % 4);
    cumulativeGasUsed += given.gasUsed;
    const contractAddress = to === undefined ? createdAddress(sender, nonce) : undefined;
    const logsBloom = given.logs.length === 0 ? NO_BLOOM : bloomOf(given.logs);
    const effective = effectiveGasPrice(tx, BASE_FEE);
    return { hash, raw, type, sender, nonce, to, contractAddress, cumulativeGasUsed, effectiveGasPrice: effective, logsBloom, ...given };
  });
}

async function stored(executed: readonly ExecutedTransaction[]) {
  const kv = createMemoryStore();
  const neighbour = { executed: executedOf(3, () => 2), skipped: [], operations: [] };
  for (const height of [HEIGHT - 1, HEIGHT + 1]) await kv.write(bodyOps(height, 1n, neighbour), true);
  await kv.write(bodyOps(HEIGHT, BASE_FEE, { executed, skipped: [], operations: [] }), true);
  return kv.snapshot();
}

it.each([1, 2, 58, 59, 60, 118, 119])("%i transactions of all kinds come back, together and one by one", async (count) => {
  const executed = executedOf(count, (i) => (i * 5 + (i >> 3)) % kinds.length);
  const snapshot = await stored(executed);
  const wanted = placed(executed);
  expect(readTransactions(snapshot, HEIGHT)).toEqual(wanted);
  for (const each of wanted) expect(readTransaction(snapshot, HEIGHT, each.index)).toEqual(each);
  expect(readTransaction(snapshot, HEIGHT, count)).toBeUndefined();
  expect(readSummary(snapshot, HEIGHT)).toEqual({ ...listOf(executed), skipped: [], operations: [] });
});

it("packs plain transfers, and gives to what is longer than a row one of its own", () => {
  const rowsOf = (raw: Bytes, count: number) => {
    const executed = executedOf(count, () => 0).map((tx) => ({ ...tx, raw }));
    return bodyOps(HEIGHT, BASE_FEE, { executed, skipped: [], operations: [] }).filter(({ key }) => (key[8] as number) < 128);
  };
  const small = rowsOf(raws[0] as Bytes, 100);
  for (const { value } of small) expect((value as Bytes).length).toBeLessThanOrEqual(ROW_BYTES + 40);
  expect(small.length).toBeLessThanOrEqual(10);
  expect(rowsOf(raws[3] as Bytes, 5).length).toBe(5);
});

it("writes these bytes", () => {
  const raw = new Uint8Array(60).fill(0xee);
  const executed = executedOf(2, (i) => 2 * i).map((tx, i) => ({ ...tx, raw, hash: new Uint8Array(32).fill(i) }));
  const ops = bodyOps(HEIGHT, BASE_FEE, {
    executed,
    skipped: [{ hash: new Uint8Array(32).fill(9), code: "SKIP_FEE", retry: true }],
    operations: [],
  });
  const from = executed.map(({ sender }) => `94${toHex(sender)}`);
  const logs = [`f83b94${toHex(log.address)}e1a0${"01".repeat(32)}83010203`, `da94${toHex(log.address)}c083010203`];
  const receipt = `${from[1]}0183015f90c0f858${logs.join("")}`;
  const items = `84342770c08080b83c${toHex(raw)}${from[0]}b83c${toHex(raw)}f875${receipt}`;
  const [row, summary] = ops.map(({ table, key, value }) => [table, toHex(key), toHex(value as Bytes)]);
  expect([row?.[0], row?.[1]]).toEqual([BODIES, "000000000000000700000000"]);
  expect(row?.[2]).toBe(`f9010f${items}`);
  expect(summary?.[1]).toBe("0000000000000007ffffffff");
  expect(summary?.[2]).toContain(`80b840${"00".repeat(32)}${"01".repeat(32)}`);
});

it("a row with damage is read as transactions, or has a code", async () => {
  const [row] = bodyOps(HEIGHT, BASE_FEE, { executed: executedOf(3, (i) => i % 4), skipped: [], operations: [] }) as [KvOp];
  const good = row.value as Bytes;
  for (let round = 0; round < 300; round++) {
    const kv = createMemoryStore();
    const value = good.slice();
    for (let n = 1 + (round % 3); n > 0; n--) {
      const [a = 0, b = 0, c = 0] = random.bytes(3);
      value[(a * 256 + b) % value.length] = c;
    }
    await kv.write([{ table: BODIES, key: row.key, value }], true);
    try {
      readTransactions(kv.snapshot(), HEIGHT);
    } catch (error) {
      expect(isNoemaError(error), String(error)).toBe(true);
    }
  }
});
