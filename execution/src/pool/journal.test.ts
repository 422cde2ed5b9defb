import { concatBytes, toHex, u32be } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import { createMemoryLog } from "@noema/core/testing/memory-log";
import { describe, expect, it } from "vitest";
import { addressOf, codeOf, createPoolFixture, GWEI, transfer } from "./testing/pool-fixture.ts";

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("the pool's journal", () => {
  it("acknowledges a local transaction only when it is fsynced, and a crash keeps what was acknowledged", async () => {
    const { pool, fresh, state } = createPoolFixture();
    await pool.start();
    await pool.add(transfer(0, 0), "local");
    state.log.holdSync();
    let answered = false;
    const waiting = pool.add(transfer(0, 1), "local").then(() => {
      answered = true;
    });
    await settle();
    expect(answered).toBe(false);
    const crashed = state.log.crash();
    state.log.releaseSync();
    void waiting;
    state.log = crashed;
    const again = fresh();
    await again.start();
    expect(again.get(keccak256(transfer(0, 0)))).toBeDefined();
    expect(again.get(keccak256(transfer(0, 1)))).toBeUndefined();
    expect(again.take(1_000, 10n ** 8n)?.txs.length).toBe(1);
  });

  it("any number of acknowledged ones is there after a crash, in a state that goes on", async () => {
    const { pool, fresh, state, block } = createPoolFixture();
    await pool.start();
    for (let n = 0; n < 3; n++) for (let nonce = 0; nonce < 20; nonce++) await pool.add(transfer(n, nonce), "local");
    await pool.add(transfer(3, 0), "peer");
    pool.executed(block([transfer(0, 0), transfer(0, 1)]));
    state.log = state.log.crash();
    const again = fresh();
    await again.start();
    expect(again.status()).toMatchObject({ pending: 58, queued: 0 });
    expect(again.get(keccak256(transfer(0, 1)))).toBeUndefined();
    expect(again.get(keccak256(transfer(3, 0)))).toBeUndefined(); // a peer's was promised to nobody
  });

  it("tells what it finds again from what is history and what is refused", async () => {
    const lines: unknown[] = [];
    const logger = { log: (_: string, message: string, fields?: unknown) => void lines.push([message, fields]) };
    const { pool, fresh, state, block, accounts } = createPoolFixture({}, { logger });
    await pool.start();
    for (let nonce = 0; nonce < 5; nonce++) await pool.add(transfer(0, nonce), "local");
    await pool.add(transfer(1, 0), "local");
    pool.executed(block([transfer(0, 0), transfer(0, 1), transfer(0, 2)]));
    accounts.set(toHex(addressOf(1)), { nonce: 0n, balance: 0n });
    state.log.append([...state.log.replay()].at(-2)?.[1] as Uint8Array); // as a crash in a compaction leaves it
    state.log.append(Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0, 0xff));
    await fresh().start();
    expect(lines.at(-1)).toEqual(["pool journal replayed", { restored: 2, alreadyIncluded: 3, refused: 2 }]);
  });

  it("refuses when the disk fails, and says so", async () => {
    const { pool, state } = createPoolFixture();
    await pool.start();
    state.log.failSync(new Error("no space left"));
    expect(await codeOf(pool.add(transfer(0, 0), "local"))).toBe("POOL_JOURNAL_FAILED");
  });

  it("a client that sends what a peer had sent gets the promise with `already known`", async () => {
    const { pool, fresh, state } = createPoolFixture();
    await pool.start();
    await pool.add(transfer(0, 0), "peer");
    expect(await codeOf(pool.add(transfer(0, 0), "local"))).toBe("POOL_KNOWN");
    state.log = state.log.crash();
    const again = fresh();
    await again.start();
    expect(again.status().pending).toBe(1);
  });

  it("stays small: dead records are dropped, live ones rewritten", async () => {
    const { pool, fresh, state, block } = createPoolFixture({ journalSlackBytes: 2_000 });
    await pool.start();
    const stuck = transfer(9, 1);
    await pool.add(stuck, "local");
    for (let nonce = 0; nonce < 300; nonce++) {
      await pool.add(transfer(0, nonce), "local");
      pool.executed(block([transfer(0, nonce)]));
    }
    await settle();
    const bytes = [...state.log.replay()].reduce((sum, [, record]) => sum + record.length, 0);
    expect(bytes).toBeLessThan(5_000);
    state.log = state.log.crash();
    const again = fresh();
    await again.start();
    expect(again.status()).toMatchObject({ pending: 0, queued: 1 });
    expect(again.get(keccak256(stuck))).toBeDefined();
  });

  it("finds what earlier versions wrote, and of a record that is cut off what is whole", async () => {
    const { pool, fresh, state } = createPoolFixture();
    await pool.start();
    const time = new Uint8Array(8);
    state.log.append(concatBytes(Uint8Array.of(1), time, transfer(0, 0)));
    await pool.addAll([transfer(1, 0), transfer(2, 0)], "local");
    const [, two] = [...state.log.replay()].at(-1) as [number, Uint8Array];
    expect([two[0], toHex(two.subarray(9, 13))]).toEqual([3, toHex(u32be(transfer(1, 0).length))]);
    const { log } = state;
    state.log = createMemoryLog();
    for (const [, record] of log.replay()) state.log.append(record[0] === 3 ? record.subarray(0, -1) : record);
    const again = fresh();
    await again.start();
    expect([0, 1, 2].map((n) => again.get(keccak256(transfer(n, 0))) !== undefined)).toEqual([true, true, false]);
  });

  it("passes over damaged and foreign records", async () => {
    const { fresh, state } = createPoolFixture();
    state.log.append(Uint8Array.of(9, 9, 9));
    state.log.append(new Uint8Array(0));
    state.log.append(new Uint8Array(40).fill(1));
    const pool = fresh();
    await pool.start();
    expect(pool.status()).toMatchObject({ pending: 0, queued: 0 });
    await pool.add(transfer(0, 0, { maxFeePerGas: 9n * GWEI }), "local");
  });
});
