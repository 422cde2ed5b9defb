/** Nonces that an operation lowers, beside what the pool remembers. */
import { toHex } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import { expect, it } from "vitest";
import { addressOf, createPoolFixture, transfer } from "./testing/pool-fixture.ts";

const RICH = 10n ** 21n;
const NEVER = 30_000_000n;

it("what a block has executed does not come back after a restart, though an operation made its nonce the next again", async () => {
  const { pool, fresh, accounts, block } = createPoolFixture();
  await pool.start();
  const raw = transfer(0, 0);
  await pool.add(raw, "local");
  await pool.executed(block([raw]));
  accounts.set(toHex(addressOf(0)), { nonce: 0n, balance: RICH });
  await pool.executed(block([], [], [addressOf(0)]));
  const again = fresh(); // as after kill -9: nobody has stopped the first
  await again.start();
  expect(again.status()).toMatchObject({ pending: 0, queued: 0 });
  expect(again.take(1_000_000, NEVER)).toBeUndefined();
});

it("what waits survives it", async () => {
  const { pool, fresh, accounts, block } = createPoolFixture();
  await pool.start();
  await pool.add(transfer(1, 3), "local");
  accounts.set(toHex(addressOf(0)), { nonce: 0n, balance: RICH });
  await pool.executed(block([], [], [addressOf(0)]));
  await pool.add(transfer(1, 4), "local");
  const again = fresh();
  await again.start();
  expect(again.status()).toMatchObject({ queued: 2 });
});

it("an account read before an operation lowered its nonce does not count, though its code is asked for in between", async () => {
  const delegation = Uint8Array.from([0xef, 1, 0, ...new Uint8Array(20).fill(9)]);
  const codeHash = keccak256(delegation);
  const asked = Promise.withResolvers<void>();
  const asking = Promise.withResolvers<void>();
  const code = async () => {
    asking.resolve(); // its account is read by now
    await asked.promise;
    return delegation;
  };
  const { pool, accounts, block } = createPoolFixture({}, { code });
  await pool.start();
  accounts.set(toHex(addressOf(0)), { nonce: 5n, balance: RICH, codeHash });
  const added = pool.add(transfer(0, 5), "local");
  await asking.promise;
  accounts.set(toHex(addressOf(0)), { nonce: 1n, balance: RICH, codeHash });
  await pool.executed(block([], [], [addressOf(0)]));
  asked.resolve();
  const hash = await added;
  expect(pool.take(1_000_000, NEVER)).toBeUndefined();
  await pool.executed(block([], [{ hash, code: "SKIP_NONCE_TOO_HIGH", retry: true }]));
  expect(pool.take(1_000_000, NEVER)).toBeUndefined();
});
