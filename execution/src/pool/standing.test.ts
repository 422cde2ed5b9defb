import { toHex } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { LogLevel } from "@noema/core/ports/logger";
import { expect, it } from "vitest";
import { createFates } from "./fates.ts";
import { addressOf, createPoolFixture, GWEI, transfer } from "./testing/pool-fixture.ts";

type Line = { level: LogLevel; code: unknown };

function start(options: Parameters<typeof createPoolFixture>[0] = {}) {
  const lines: Line[] = [];
  const logger = {
    log: (level: LogLevel, _: string, data?: Record<string, unknown>) => void (data?.code && lines.push({ level, code: data.code })),
  };
  const fixture = createPoolFixture(options, { logger });
  fixture.clock.advance(1);
  return { ...fixture, lines, standing: (raw: Uint8Array) => fixture.pool.standing(keccak256(raw)) };
}

it("tells what keeps a transaction out of the next block", async () => {
  const { pool, state, accounts, standing, block } = start();
  await pool.start();
  const [now, gap] = [transfer(0, 0), transfer(0, 2)];
  expect(standing(now)).toBeUndefined();
  await pool.addAll([now, gap], "local");
  expect(standing(now)).toEqual({ state: "pending", inFlight: false });
  expect(standing(gap)).toMatchObject({
    state: "queued",
    reason: { code: "SKIP_NONCE_TOO_HIGH", message: expect.stringContaining("nonce 1 of") },
  });
  state.baseFee = 3n * GWEI;
  expect(standing(now)).toMatchObject({ state: "pending", reason: { code: "TX_FEE_CAP_TOO_LOW" } });
  state.baseFee = GWEI;
  const poor = transfer(1, 0, { value: 10n ** 18n });
  await pool.addAll([poor], "local");
  accounts.set(toHex(addressOf(1)), { nonce: 0n, balance: 5n });
  pool.executed(block([], [], [addressOf(1)]));
  expect(standing(poor)).toMatchObject({
    state: "pending",
    reason: { code: "TX_INSUFFICIENT_FUNDS", message: expect.stringMatching(/5 wei/) },
  });
});

it("tells who took its place", async () => {
  const { pool, standing, lines, block } = start({ maxTransactions: 2 });
  await pool.start();
  const [first, dearer] = [transfer(0, 0), transfer(0, 0, { maxFeePerGas: 9n * GWEI, maxPriorityFeePerGas: 3n * GWEI })];
  await pool.addAll([first, dearer], "local");
  expect(standing(first)).toMatchObject({ state: "dropped", reason: { code: "POOL_REPLACED", replacedBy: keccak256(dearer) } });
  const cheap = transfer(1, 0);
  await pool.addAll([cheap], "peer");
  await pool.addAll([transfer(2, 0)], "local");
  expect(standing(cheap)).toMatchObject({ state: "dropped", reason: { code: "POOL_EVICTED" } });
  expect(lines).toEqual([
    { level: "info", code: "POOL_REPLACED" },
    { level: "debug", code: "POOL_EVICTED" },
  ]);
  pool.executed(block([transfer(2, 0, { value: 1n })]));
  expect(standing(transfer(2, 0))).toMatchObject({ state: "dropped", reason: { code: "POOL_NONCE_USED" } });
});

it("tells why a block did not take it, for good or for now", async () => {
  const { pool, standing, lines, block } = start();
  await pool.start();
  const [bad, later, other] = [transfer(0, 0), transfer(1, 0), transfer(2, 0)];
  await pool.addAll([bad, later], "local");
  pool.take(1_000_000, 10n ** 9n);
  const skips = [bad, later, other].map((raw, i) => ({
    hash: keccak256(raw),
    code: ["SKIP_SENDER_CODE", "SKIP_BLOCK_GAS", "SKIP_REFUSED"][i] as string,
    retry: i === 1,
  }));
  pool.executed(block([], skips));
  expect(standing(bad)).toMatchObject({
    state: "dropped",
    reason: { code: "SKIP_SENDER_CODE", message: expect.stringContaining("EIP-3607") },
  });
  expect(standing(later)).toMatchObject({ state: "pending", inFlight: false, reason: { code: "SKIP_BLOCK_GAS" } });
  expect(standing(other)).toMatchObject({ state: "dropped", reason: { code: "SKIP_REFUSED" } }); // of another node's client
  expect(lines).toEqual([{ level: "info", code: "SKIP_SENDER_CODE" }]);
  await pool.addAll([bad], "local");
  expect(standing(bad)).toEqual({ state: "pending", inFlight: false });
});

it("says nothing of what was included, and after a restart why it is not in the pool again", async () => {
  const { pool, fresh, accounts, standing, block } = start();
  await pool.start();
  const [taken, poor] = [transfer(0, 0), transfer(1, 0, { value: 10n ** 18n })];
  await pool.addAll([taken, poor], "local");
  pool.take(1_000_000, 10n ** 9n);
  pool.executed(block([taken]));
  expect(standing(taken)).toBeUndefined();
  await pool.stop();
  accounts.set(toHex(addressOf(1)), { nonce: 0n, balance: 5n });
  const again = fresh();
  await again.start();
  expect(again.standing(keccak256(poor))).toMatchObject({ state: "dropped", reason: { code: "TX_INSUFFICIENT_FUNDS" } });
});

it("tells that somebody took it out", async () => {
  const { pool, standing } = start();
  await pool.start();
  const tx = transfer(0, 0);
  await pool.addAll([tx], "local");
  await pool.drop([keccak256(tx)]);
  expect(standing(tx)).toMatchObject({ state: "dropped", reason: { code: "POOL_DROPPED" } });
});

it("remembers the newest", () => {
  const fates = createFates(2);
  for (const key of ["a", "b", "a", "c"]) fates.tell(key, { code: key, message: key });
  expect(["a", "b", "c"].map((key) => fates.of(key)?.code)).toEqual(["a", undefined, "c"]);
});
