import { keccak256 } from "@noema/core/hash";
import { expect, it } from "vitest";
import { createPoolFixture, transfer } from "./testing/pool-fixture.ts";

const hashOf = (n: number, nonce: number) => keccak256(transfer(n, nonce));

it("what is dropped stays away through kill -9, what is in a batch stays, and the rest goes on", async () => {
  const { pool, fresh, state } = createPoolFixture();
  await pool.start();
  await pool.add(transfer(0, 0), "local");
  expect(pool.take(1_000_000, 30_000_000n)?.txs).toHaveLength(1);
  for (const nonce of [0, 1, 2]) await pool.add(transfer(1, nonce), "local");
  const asked = [hashOf(0, 0), hashOf(1, 1), hashOf(9, 9)];
  expect(await pool.drop(asked)).toEqual([hashOf(1, 1)]);
  expect([pool.get(hashOf(0, 0)) !== undefined, pool.get(hashOf(1, 1))]).toEqual([true, undefined]);
  expect(pool.status()).toMatchObject({ pending: 2, queued: 1 });
  expect(await pool.drop(asked)).toEqual([]);
  state.log = state.log.crash();
  const again = fresh();
  await again.start();
  expect([hashOf(0, 0), hashOf(1, 0), hashOf(1, 1), hashOf(1, 2)].map((hash) => again.get(hash) !== undefined)).toEqual([
    true,
    true,
    false,
    true,
  ]);
  await again.add(transfer(1, 1), "local");
  expect(again.status()).toMatchObject({ pending: 4, queued: 0 });
});

it("what is discarded leaves its batch and the pool, and says why", async () => {
  const { pool } = createPoolFixture();
  await pool.start();
  await pool.add(transfer(0, 0), "local");
  await pool.add(transfer(0, 1), "local");
  const taken = pool.take(1_000_000, 30_000_000n);
  pool.discard([transfer(0, 0), transfer(9, 9)]);
  pool.giveBack(taken?.txs ?? []);
  expect(pool.standing(hashOf(0, 0))).toMatchObject({ state: "dropped", reason: { code: "TX_SIDECAR_MISSING" } });
  expect(pool.status()).toMatchObject({ pending: 0, queued: 1, inFlight: 0 });
  expect(pool.take(1_000_000, 30_000_000n)).toBeUndefined();
});
