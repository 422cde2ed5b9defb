/** What a way back to a snapshot does to the pool. */
import { toHex } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import { expect, it } from "vitest";
import type { ExecutedBlock } from "../api.ts";
import type { RevertTo } from "../system/revert.ts";
import { addressOf, createPoolFixture, transfer } from "./testing/pool-fixture.ts";

const RICH = 10n ** 21n;
const ALONE = { keepsImages: true };

function fixture(deps: { keepsImages?: boolean } = ALONE, options: Parameters<typeof createPoolFixture>[0] = {}) {
  const made = createPoolFixture(options, deps);
  const { pool, accounts, block } = made;
  const operations = [{ id: new Uint8Array(32), outcome: 0 as const }];
  return {
    ...made,
    snapshot: (id: number) => pool.executed({ ...block([]), operations, taken: [id] }),
    /** `nonces`: of accounts, as they are after it. */
    revert(to: RevertTo, nonces: Record<number, bigint> = {}) {
      for (const [n, nonce] of Object.entries(nonces)) accounts.set(toHex(addressOf(Number(n))), { nonce, balance: RICH });
      const changed = Object.keys(nonces).map((n) => addressOf(Number(n)));
      const reverted = { to, head: {} } as ExecutedBlock["reverted"];
      return pool.executed({ ...block([], [], changed), operations, reverted });
    },
    holds: (raws: readonly Bytes[]) => raws.map((raw) => made.pool.get(keccak256(raw)) !== undefined),
  };
}

it("what came since leaves, and what was included since waits again, after a restart too", async () => {
  const { pool, fresh, block, snapshot, revert, holds } = fixture();
  await pool.start();
  const [included, waits, later] = [transfer(0, 0), transfer(1, 3), transfer(2, 0)];
  await pool.addAll([included, waits], "local");
  await snapshot(4);
  await pool.executed(block([included]));
  await pool.add(later, "local");
  expect(holds([included, waits, later])).toEqual([false, true, true]);
  await revert({ snapshot: 4 }, { 0: 0n });
  expect(holds([included, waits, later])).toEqual([true, true, false]);
  expect(pool.standing(keccak256(later))).toMatchObject({ state: "dropped", reason: { code: "POOL_REVERTED" } });
  expect(pool.take(1_000_000, 30_000_000n)?.txs).toEqual([included]);
  const again = fresh();
  await again.start();
  expect(again.status()).toMatchObject({ pending: 1, queued: 1 });
});

it("nonces are those of the restored state: the next one is free again", async () => {
  const { pool, block, snapshot, revert } = fixture();
  await pool.start();
  await snapshot(0);
  const raw = transfer(0, 0);
  await pool.add(raw, "local");
  await pool.executed(block([raw]));
  expect(await pool.pendingNonce(addressOf(0))).toBe(1n);
  await revert({ snapshot: 0 }, { 0: 0n });
  expect(await pool.pendingNonce(addressOf(0))).toBe(0n);
  await pool.add(raw, "local");
  expect(pool.take(1_000_000, 30_000_000n)?.txs).toEqual([raw]);
});

it("what the restored account cannot pay for stays away", async () => {
  const { pool, accounts, block, snapshot, revert, holds } = fixture();
  await pool.start();
  const raw = transfer(0, 0);
  await pool.add(raw, "local");
  await snapshot(0);
  await pool.executed(block([raw]));
  accounts.set(toHex(addressOf(0)), { nonce: 0n, balance: 1n });
  const changed = block([], [], [addressOf(0)]);
  await pool.executed({ ...changed, reverted: { to: { snapshot: 0 }, head: {} } as ExecutedBlock["reverted"] });
  expect(holds([raw])).toEqual([false]);
  await revert({ snapshot: 0 });
});

it("a reset empties it; a way back to a number, or where others have pools, leaves what is valid", async () => {
  for (const [to, left] of [
    ["genesis", false],
    [{ number: 1 as never }, true],
  ] as const) {
    const { pool, revert, holds } = fixture();
    await pool.start();
    const raw = transfer(1, 3);
    await pool.add(raw, "local");
    await revert(to);
    expect(holds([raw])).toEqual([left]);
  }
  const { pool, snapshot, revert, holds } = fixture({});
  await pool.start();
  await snapshot(0);
  const raw = transfer(1, 3);
  await pool.add(raw, "local");
  await revert({ snapshot: 0 });
  expect(holds([raw])).toEqual([true]);
});

it("an id that was passed has no image any more, and the oldest of many goes first", async () => {
  const { pool, snapshot, revert, holds } = fixture();
  await pool.start();
  await snapshot(0);
  await snapshot(1);
  await revert({ snapshot: 0 });
  const raw = transfer(1, 3);
  await pool.add(raw, "local");
  await revert({ snapshot: 1 }); // execution refuses it: the pool is not told so
  expect(holds([raw])).toEqual([true]);
  for (let id = 2; id < 300; id++) await snapshot(id);
  const late = transfer(2, 3);
  await pool.add(late, "local");
  await revert({ snapshot: 2 });
  expect(holds([late])).toEqual([true]);
});

it("images have a bound in bytes, too: the oldest goes first", async () => {
  const bytes = transfer(1, 3).length;
  const { pool, snapshot, revert, holds } = fixture(ALONE, { imageBytes: 3 * bytes });
  await pool.start();
  await pool.add(transfer(1, 3), "local");
  for (const id of [0, 1]) await snapshot(id);
  await pool.add(transfer(1, 4), "local");
  await snapshot(2); // two transactions more: too many with the first image
  const late = transfer(2, 3);
  await pool.add(late, "local");
  await revert({ snapshot: 1 });
  expect(holds([transfer(1, 3), transfer(1, 4), late])).toEqual([true, false, false]);
  const other = fixture(ALONE, { imageBytes: 3 * bytes });
  await other.pool.start();
  await other.pool.add(transfer(1, 3), "local");
  for (const id of [0, 1]) await other.snapshot(id);
  await other.pool.add(transfer(1, 4), "local");
  await other.snapshot(2);
  await other.revert({ snapshot: 0 });
  expect(other.holds([transfer(1, 3), transfer(1, 4)])).toEqual([true, true]);
});
