/** Nonces and balances on the admitting side: asked for once, and then kept right by what blocks say. */
import { toHex } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { describe, expect, it } from "vitest";
import { EMPTY_ACCOUNT } from "../state/account.ts";
import type { PoolDeps } from "./pool-interface.ts";
import { addressOf, codeOf, createPoolFixture, GWEI, transfer } from "./testing/pool-fixture.ts";

const COST = 21_000n * 2n * GWEI;

/** A pool whose questions are answered by hand, each with what the accounts were when it was asked. */
async function asking(overrides: Parameters<typeof createPoolFixture>[0] = {}, deps: Partial<PoolDeps> = {}) {
  const questions: { addresses: string[]; answer(): void }[] = [];
  const fixture = createPoolFixture(overrides, {
    accounts(addresses) {
      const then = addresses.map((address) => ({ ...EMPTY_ACCOUNT, nonce: 0n, balance: 0n, ...fixture.accounts.get(toHex(address)) }));
      return new Promise((resolve) => questions.push({ addresses: addresses.map(toHex), answer: () => resolve(then) }));
    },
    ...deps,
  });
  await fixture.pool.start();
  const asked = async (count: number) => {
    while (questions.length < count) await new Promise((resolve) => setImmediate(resolve));
    return questions[count - 1] as (typeof questions)[number];
  };
  const set = (n: number, balance: bigint, nonce = 0n) => void fixture.accounts.set(toHex(addressOf(n)), { nonce, balance });
  const add = (raw: Bytes) => codeOf(fixture.pool.add(raw, "local"));
  return { ...fixture, questions, asked, set, add };
}

describe("the pool's accounts", () => {
  it("all that is missed in one turn is one question, and what is known is not asked for", async () => {
    const { pool, questions, asked, set, add, block } = await asking();
    for (const n of [0, 1, 2]) set(n, 10n * COST);
    const adding = [add(transfer(0, 0)), add(transfer(1, 0)), add(transfer(0, 1))];
    const nonce = pool.pendingNonce(addressOf(2));
    const { addresses, answer } = await asked(1);
    expect(addresses.sort()).toEqual([0, 1, 2].map((n) => toHex(addressOf(n))).sort());
    answer();
    expect(await Promise.all(adding)).toEqual(["ok", "ok", "ok"]);
    expect(await nonce).toBe(0n);
    pool.executed(block([transfer(0, 0), transfer(1, 0)]));
    expect(await Promise.all([add(transfer(1, 1)), add(transfer(2, 0))])).toEqual(["ok", "ok"]);
    expect(questions.length).toBe(1);
  });

  it("an answer does not overwrite what a block has said since it was asked", async () => {
    const { pool, asked, set, add, block } = await asking();
    set(0, COST);
    const adding = add(transfer(0, 0));
    const { answer } = await asked(1);
    set(0, COST, 7n);
    pool.executed(block([], [], [addressOf(0)]));
    answer(); // of before the block
    expect(await adding).toBe("TX_NONCE_TOO_LOW");
    expect(await pool.pendingNonce(addressOf(0))).toBe(7n);
    expect(await add(transfer(0, 7))).toBe("ok");
  });

  it("a block that comes while an account's code is looked at counts", async () => {
    let look = () => {};
    const { pool, asked, set, add, block, accounts } = await asking(
      {},
      { code: () => new Promise((resolve) => (look = () => resolve(Uint8Array.of(0xef, 1, 0, ...addressOf(9))))) },
    );
    accounts.set(toHex(addressOf(0)), { nonce: 0n, balance: COST, codeHash: new Uint8Array(32).fill(1) });
    const adding = add(transfer(0, 0));
    (await asked(1)).answer();
    for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
    set(0, COST - 1n);
    pool.executed(block([], [], [addressOf(0)]));
    look();
    expect(await adding).toBe("TX_INSUFFICIENT_FUNDS");
  });

  it("what somebody else's transfer brings is seen at once, in the pool and at its door", async () => {
    const { pool, questions, asked, set, add, block } = await asking();
    set(0, COST);
    const adding = add(transfer(0, 0));
    (await asked(1)).answer();
    await adding;
    expect(await add(transfer(0, 1))).toBe("TX_INSUFFICIENT_FUNDS");
    set(0, 1n);
    pool.executed(block([], [], [addressOf(0)]));
    expect(pool.take(1_000_000, 10n ** 9n)).toBeUndefined();
    set(0, 2n * COST);
    pool.executed(block([], [], [addressOf(0)]));
    expect(pool.take(1_000_000, 10n ** 9n)?.txs.length).toBe(1);
    expect(await add(transfer(0, 1))).toBe("ok");
    expect(questions.length).toBe(1);
  });

  it("refuses those whose account others have pushed out meanwhile", async () => {
    const { asked, set, add } = await asking({ accountsKept: 1 });
    for (const n of [0, 1]) set(n, COST);
    const adding = [add(transfer(0, 0)), add(transfer(1, 0))];
    (await asked(1)).answer();
    expect(await Promise.all(adding)).toEqual(["POOL_BUSY", "ok"]);
  });
});
