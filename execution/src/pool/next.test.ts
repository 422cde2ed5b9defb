import { toHex } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import { expect, it } from "vitest";
import { addressOf, createPoolFixture, GWEI, transfer } from "./testing/pool-fixture.ts";

const hashOf = (raw: Bytes) => keccak256(raw);
const tip = (gwei: bigint) => ({ maxFeePerGas: 10n * GWEI, maxPriorityFeePerGas: gwei * GWEI });

it("tells what the next block would hold, in mining order, also what is in flight", async () => {
  const { pool, block } = createPoolFixture();
  await pool.start();
  const [a0, a1, gap, b0] = [transfer(0, 0, tip(1n)), transfer(0, 1, tip(9n)), transfer(0, 3, tip(9n)), transfer(1, 0, tip(2n))] as const;
  for (const raw of [a1, a0, gap, b0]) await pool.add(raw, "local");
  const raws = () => pool.next().transactions.map((x) => toHex(x.tx.hash));
  const expected = [b0, a0, a1].map((raw) => toHex(hashOf(raw)));
  expect(raws()).toEqual(expected);
  const { version } = pool.next();
  expect(pool.take(1_000_000, 10n ** 9n)?.txs).toHaveLength(3);
  expect(raws(), "taken into a batch").toEqual(expected);
  expect(pool.next().version, "nothing has changed").toBe(version);
  pool.executed(block([b0, a0]));
  expect(raws()).toEqual([toHex(hashOf(a1))]);
  expect(pool.next().version).toBeGreaterThan(version);
});

it("ends at the gas of a block", async () => {
  const { pool } = createPoolFixture({}, { blockGas: () => 50_000n });
  await pool.start();
  for (const n of [0, 1, 2]) await pool.add(transfer(n, 0), "local");
  expect(pool.next().transactions).toHaveLength(2);
});

it("tells which cannot execute now: gaps, poor senders, low fees, and what it does not hold", async () => {
  const { pool, accounts, state, block } = createPoolFixture();
  await pool.start();
  const [ready, gap, poor, cheap, unknown] = [transfer(0, 0), transfer(1, 1), transfer(2, 0), transfer(3, 0), transfer(4, 0)];
  for (const raw of [ready, gap, poor, cheap]) await pool.add(raw, "local");
  const stalled = (...raws: Bytes[]) => pool.stalled(raws.map(hashOf)).map(toHex);
  expect(stalled(ready, gap, poor, cheap, unknown)).toEqual([gap, unknown].map((raw) => toHex(hashOf(raw))));
  state.baseFee = 3n * GWEI;
  expect(stalled(ready)).toHaveLength(1);
  state.baseFee = GWEI;
  accounts.set(toHex(addressOf(2)), { nonce: 0n, balance: 5n });
  pool.executed(block([], [], [addressOf(2)]));
  expect(stalled(poor)).toHaveLength(1);
  expect(stalled(ready, cheap)).toEqual([]);
});

it("chooses again at once from few, and after a while from many", async () => {
  const { pool, clock } = createPoolFixture({ maxPerSender: 2_000 }, { blockGas: () => 10n ** 9n });
  await pool.start();
  for (let nonce = 0; nonce < 1_000; nonce++) await pool.add(transfer(0, nonce), "peer");
  expect(pool.next().transactions).toHaveLength(1_000);
  await pool.add(transfer(0, 1_000), "peer");
  expect(pool.next().transactions).toHaveLength(1_000);
  clock.advance(250);
  expect(pool.next().transactions).toHaveLength(1_001);
});
