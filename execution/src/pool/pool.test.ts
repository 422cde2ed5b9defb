import { toHex } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import { describe, expect, it } from "vitest";
import { memorySidecars, signBlobTransaction } from "../transactions/testing/sidecar.ts";
import { addressOf, CHAIN, codeOf, createPoolFixture, GWEI, keyOf, transfer } from "./testing/pool-fixture.ts";

const MAX = 1_000_000;
const GAS = 100_000_000n;
const hashes = (raws: readonly Bytes[] | undefined) => (raws ?? []).map((raw) => toHex(keccak256(raw)));

async function running(...parameters: Parameters<typeof createPoolFixture>) {
  const fixture = createPoolFixture(...parameters);
  await fixture.pool.start();
  return fixture;
}

describe("what an operation makes of accounts", () => {
  const changed = [addressOf(0)];

  it("a sender that became poor is not taken, and one that became rich is, at once", async () => {
    const { pool, accounts, block } = await running();
    const raws = [transfer(0, 0), transfer(1, 0, { value: 5n })];
    accounts.set(toHex(addressOf(0)), { nonce: 0n, balance: 10n ** 18n });
    for (const raw of raws) await pool.add(raw, "local");
    accounts.set(toHex(addressOf(0)), { nonce: 0n, balance: 1n });
    pool.executed(block([], [], changed));
    expect(pool.next().transactions.map(({ tx }) => tx.raw)).toEqual([raws[1]]);
    expect(hashes(pool.take(MAX, GAS)?.txs)).toEqual(hashes([raws[1] as Bytes]));
    accounts.set(toHex(addressOf(0)), { nonce: 0n, balance: 10n ** 18n });
    pool.executed(block([], [], changed));
    expect(hashes(pool.take(MAX, GAS)?.txs)).toEqual(hashes([raws[0] as Bytes]));
  });

  it("a nonce that was raised passes transactions, and one that was lowered makes the pool wait for the nonces between", async () => {
    const { pool, accounts, block } = await running();
    accounts.set(toHex(addressOf(0)), { nonce: 5n, balance: 10n ** 18n });
    const raws = [5, 6, 7].map((nonce) => transfer(0, nonce));
    for (const raw of raws) await pool.add(raw, "local");
    accounts.set(toHex(addressOf(0)), { nonce: 6n, balance: 10n ** 18n });
    pool.executed(block([], [], changed));
    expect(pool.status()).toMatchObject({ pending: 2, queued: 0 });
    accounts.set(toHex(addressOf(0)), { nonce: 4n, balance: 10n ** 18n });
    pool.executed(block([], [], changed));
    expect(pool.status()).toMatchObject({ pending: 0, queued: 2 });
    expect(await pool.pendingNonce(addressOf(0))).toBe(4n);
    await pool.add(transfer(0, 4), "local");
    await pool.add(transfer(0, 5), "local");
    expect(pool.status()).toMatchObject({ pending: 4, queued: 0 });
  });
});

describe("what add refuses", () => {
  it("answers with the code and geth's words", async () => {
    const { pool, accounts } = await running();
    accounts.set(toHex(addressOf(0)), { nonce: 5n, balance: 10n ** 18n });
    const refused = async (raw: Bytes, code: string, words: RegExp) =>
      expect(pool.add(raw, "local")).rejects.toMatchObject({ code, message: expect.stringMatching(words) });
    await refused(transfer(0, 4), "TX_NONCE_TOO_LOW", /^nonce too low/);
    await refused(transfer(0, 5, { chainId: 1n }), "TX_CHAIN_ID", /^invalid chain id for signer/);
    await refused(transfer(0, 5, { value: 10n ** 18n }), "TX_INSUFFICIENT_FUNDS", /^insufficient funds for gas \* price \+ value/);
    await refused(transfer(0, 5, { gasLimit: 20_000n }), "TX_INTRINSIC_GAS_TOO_LOW", /^intrinsic gas too low/);
    await refused(transfer(0, 5, { maxFeePerGas: GWEI - 1n, maxPriorityFeePerGas: 0n }), "TX_FEE_CAP_TOO_LOW", /less than block base fee/);
    await refused(new Uint8Array(0), "TX_TYPE_UNSUPPORTED", /not supported/);
    await refused(new Uint8Array(2_000_000), "TX_TOO_LARGE", /2000000/);
    const unsigned = transfer(0, 5).slice();
    unsigned.fill(255, unsigned.length - 65, unsigned.length - 33);
    await refused(unsigned, "TX_SIGNATURE_INVALID", /^invalid sender/);
    await pool.add(transfer(0, 5), "local");
    await refused(transfer(0, 5), "POOL_KNOWN", /^already known/);
    await refused(transfer(0, 5, { value: 1n }), "POOL_UNDERPRICED", /^replacement transaction underpriced/);
    expect(pool.status()).toMatchObject({ pending: 1, queued: 0 });
  });

  it("a transaction above geth's limit, and takes one at it into a batch", async () => {
    const { pool } = await running();
    const sized = (bytes: number) => {
      const rest = transfer(0, 0, { data: new Uint8Array(100_000), gasLimit: 10_000_000n }).length - 100_000;
      return transfer(0, 0, { data: new Uint8Array(bytes - rest), gasLimit: 10_000_000n });
    };
    const message = "oversized data: transaction size 131073, limit 131072";
    await expect(pool.add(sized(131_073), "local")).rejects.toMatchObject({ code: "TX_TOO_LARGE", message });
    const largest = sized(131_072);
    await pool.add(largest, "local");
    expect(pool.take(131_072, GAS)?.txs).toEqual([largest]);
  });

  it("a sender that is a contract, but not one that delegates", async () => {
    const code = { bytes: Uint8Array.of(0x60, 0x00) };
    const { pool, accounts } = await running({}, { code: async () => code.bytes });
    accounts.set(toHex(addressOf(0)), { nonce: 0n, balance: 10n ** 18n, codeHash: keccak256(code.bytes) });
    const refused = { code: "TX_SENDER_CODE", message: expect.stringMatching(/^sender not an eoa/) };
    await expect(pool.add(transfer(0, 0), "local")).rejects.toMatchObject(refused);
    code.bytes = Uint8Array.of(0xef, 0x01, 0x00, ...addressOf(1));
    expect(await codeOf(pool.add(transfer(0, 0), "local"))).toBe("ok");
  });

  it("counts what is in flight against the balance", async () => {
    const { pool, accounts, block } = await running();
    const cost = 21_000n * 2n * GWEI;
    accounts.set(toHex(addressOf(0)), { nonce: 0n, balance: 2n * cost });
    await pool.add(transfer(0, 0), "local");
    await pool.add(transfer(0, 1), "local");
    expect(await codeOf(pool.add(transfer(0, 2), "local"))).toBe("TX_INSUFFICIENT_FUNDS");
    // a replacement stands in for what it replaces
    expect(await codeOf(pool.add(transfer(0, 1, { maxFeePerGas: 3n * GWEI, maxPriorityFeePerGas: 2n * GWEI }), "local"))).toBe(
      "TX_INSUFFICIENT_FUNDS",
    );
    accounts.set(toHex(addressOf(0)), { nonce: 0n, balance: 3n * cost });
    pool.executed(block([], [], [addressOf(0)]));
    expect(await codeOf(pool.add(transfer(0, 1, { maxFeePerGas: 3n * GWEI, maxPriorityFeePerGas: 2n * GWEI }), "local"))).toBe("ok");
  });

  it("gas above a block's, before start, and too many at once", async () => {
    const { pool } = createPoolFixture();
    expect(await codeOf(pool.add(transfer(0, 0), "local"))).toBe("POOL_STOPPED");
    const small = await running({ maxArriving: 1, maxPerSender: 2 }, { maxTransactionGas: () => 50_000n });
    expect(await codeOf(small.pool.add(transfer(0, 0, { gasLimit: 50_001n }), "local"))).toBe("TX_GAS_LIMIT_TOO_HIGH");
    let limit = 50_000n;
    const moved = await running({}, { maxTransactionGas: () => limit });
    limit = 60_000n; // set by hand since
    expect(await codeOf(moved.pool.add(transfer(0, 0, { gasLimit: 50_001n }), "local"))).toBe("ok");
    const two = [transfer(0, 0), transfer(0, 1)].map((raw) => codeOf(small.pool.add(raw, "local")));
    expect(await Promise.all(two)).toEqual(["ok", "POOL_BUSY"]);
    await small.pool.add(transfer(0, 1), "local");
    const bytes = await running({ maxArrivingBytes: 1 });
    const both = [transfer(0, 0), transfer(0, 1)].map((raw) => codeOf(bytes.pool.add(raw, "local")));
    expect(await Promise.all(both)).toEqual(["ok", "POOL_BUSY"]);
    expect(await codeOf(small.pool.add(transfer(0, 2), "local"))).toBe("POOL_SENDER_FULL");
  });

  it("the same bytes arriving twice at once are one", async () => {
    const { pool } = await running();
    const codes = await Promise.all([codeOf(pool.add(transfer(0, 0), "local")), codeOf(pool.add(transfer(0, 0), "peer"))]);
    expect(codes.sort()).toEqual(["POOL_KNOWN", "ok"]);
  });

  it("takes blob transactions whose blobs are held, of clients with them and of peers without", async () => {
    const { raw, wire } = signBlobTransaction({ chainId: CHAIN, maxFeePerGas: 2n * GWEI }, keyOf(0));
    const missing = await running({}, {});
    for (const origin of ["local", "peer"] as const) expect(await codeOf(missing.pool.add(raw, origin))).toBe("TX_SIDECAR_MISSING");
    expect(await codeOf(missing.pool.add(wire, "local"))).toBe("TX_SIDECAR_INVALID");
    const refusing = await running({}, { sidecars: memorySidecars(false) });
    expect(await codeOf(refusing.pool.add(wire, "local"))).toBe("TX_SIDECAR_INVALID");
    expect(await codeOf(refusing.pool.add(raw, "peer"))).toBe("TX_SIDECAR_MISSING");
    const sidecars = memorySidecars(true);
    const { pool, fresh, state } = await running({}, { sidecars });
    expect(await codeOf(pool.add(raw, "peer"))).toBe("TX_SIDECAR_MISSING");
    const hash = await pool.add(wire, "local");
    expect(hash).toEqual(keccak256(raw));
    expect(sidecars.kept.map(({ proofs }) => proofs.length)).toEqual([128]);
    expect(pool.status().bytes).toBe(raw.length);
    expect(hashes(pool.take(MAX, GAS)?.txs)).toEqual([toHex(hash)]);
    state.log = state.log.crash();
    const again = fresh();
    await again.start();
    expect(again.get(hash)?.tx.raw).toEqual(raw);
    sidecars.kept.length = 0;
    const without = fresh();
    await without.start();
    expect(without.standing(hash)).toMatchObject({ state: "dropped", reason: { code: "TX_SIDECAR_MISSING" } });
  });

  it("asks for blobs only where nothing else speaks against the transaction", async () => {
    const sidecars = memorySidecars(true);
    const { pool } = await running({}, { sidecars });
    const poor = signBlobTransaction({ chainId: CHAIN, maxFeePerGas: 2n * GWEI, value: 10n ** 30n }, keyOf(0));
    expect(await codeOf(pool.add(poor.wire, "local"))).toBe("TX_INSUFFICIENT_FUNDS");
    expect(await codeOf(pool.add(poor.raw, "peer"))).toBe("TX_INSUFFICIENT_FUNDS");
    expect(sidecars.kept).toEqual([]);
  });
});

describe("take", () => {
  it("orders by nonce within a sender and by tip between senders", async () => {
    const { pool } = await running();
    const [a0, a1, b0] = [
      transfer(0, 0),
      transfer(0, 1, { maxPriorityFeePerGas: 9n, maxFeePerGas: 3n * GWEI }),
      transfer(1, 0, { maxPriorityFeePerGas: 10n, maxFeePerGas: 3n * GWEI }),
    ];
    for (const raw of [b0, a1, a0]) await pool.add(raw, "peer");
    expect(hashes(pool.take(MAX, GAS)?.txs)).toEqual(hashes([a0, b0, a1]));
    expect(pool.take(MAX, GAS)).toBeUndefined();
    expect(pool.status().inFlight).toBe(3);
    pool.giveBack([a1, a0]);
    expect(hashes(pool.take(MAX, GAS)?.txs)).toEqual(hashes([a0, a1]));
  });

  it("keeps queued ones until the gap closes, and counts the pending nonce", async () => {
    const { pool } = await running();
    await pool.add(transfer(0, 2), "local");
    expect(pool.take(MAX, GAS)).toBeUndefined();
    expect(pool.status()).toMatchObject({ pending: 0, queued: 1 });
    expect(await pool.pendingNonce(addressOf(0))).toBe(0n);
    await pool.add(transfer(0, 0), "local");
    expect(await pool.pendingNonce(addressOf(0))).toBe(1n);
    expect(pool.take(MAX, GAS)?.txs.length).toBe(1);
    await pool.add(transfer(0, 1), "local");
    expect(await pool.pendingNonce(addressOf(0))).toBe(3n);
    expect(pool.take(MAX, GAS)?.txs.length).toBe(2);
  });

  it("respects bytes, gas, base fee and balance", async () => {
    const { pool, state, accounts, block } = await running();
    const raws = [0, 1, 2].map((nonce) => transfer(0, nonce));
    for (const raw of raws) await pool.add(raw, "local");
    expect(pool.take(raws[0]!.length + 4, GAS)?.txs.length).toBe(1);
    expect(pool.take(MAX, 41_999n)).toMatchObject({ gas: 21_000n });
    state.baseFee = 3n * GWEI;
    expect(pool.take(MAX, GAS)).toBeUndefined();
    state.baseFee = GWEI;
    accounts.set(toHex(addressOf(0)), { nonce: 0n, balance: 1n });
    pool.executed(block([], [{ hash: keccak256(raws[0]!), code: "SKIP_BALANCE", retry: true }], [addressOf(0)]));
    expect(pool.take(MAX, GAS)).toBeUndefined();
    accounts.set(toHex(addressOf(0)), { nonce: 0n, balance: 10n ** 18n });
    pool.executed(block([], [], [addressOf(0)]));
    expect(pool.take(MAX, GAS)?.txs.length).toBe(2);
  });

  it("waits k times 2 s where this validator is not the home, and says when it is due", async () => {
    const { pool, state, clock } = await running();
    state.rank = 2;
    let calls = 0;
    pool.onReady(() => calls++);
    await pool.add(transfer(0, 0), "peer");
    expect([calls, pool.take(MAX, GAS)]).toEqual([0, undefined]);
    clock.advance(3_999);
    expect([calls, pool.take(MAX, GAS)]).toEqual([0, undefined]);
    clock.advance(1);
    expect([calls, pool.take(MAX, GAS)?.txs.length]).toEqual([1, 1]);
  });

  it("offers at once where a new epoch makes this validator the home", async () => {
    const { pool, state } = await running();
    state.rank = 2;
    await pool.add(transfer(0, 0), "peer");
    expect(pool.take(MAX, GAS)).toBeUndefined();
    state.rank = 0;
    state.epoch++;
    expect(pool.take(MAX, GAS)?.txs.length).toBe(1);
  });

  it("never offers where this node is no validator", async () => {
    const { pool, state, clock } = await running();
    for (const [n, rank] of [Number.POSITIVE_INFINITY, -1].entries()) {
      state.rank = rank;
      await pool.add(transfer(n, 0), "local");
      clock.advance(1e9);
      expect(pool.take(MAX, GAS)).toBeUndefined();
    }
  });

  it("offers again what was in a batch that nothing is heard of", async () => {
    const { pool, clock, block } = await running({ inFlightMs: 1_000, inFlightHeights: 3 });
    const raw = transfer(0, 0);
    let calls = 0;
    pool.onReady(() => calls++);
    await pool.add(raw, "local");
    pool.markInFlight([keccak256(raw)]);
    expect(pool.take(MAX, GAS)).toBeUndefined();
    clock.advance(1_000);
    expect([calls, pool.take(MAX, GAS)?.txs.length]).toEqual([2, 1]);
    for (let i = 0; i < 3; i++) pool.executed(block([]));
    expect(pool.take(MAX, GAS)?.txs.length).toBe(1);
  });
});

describe("executed", () => {
  it("drops what was included or passed, and what can never be valid; offers the rest again", async () => {
    const { pool, block } = await running();
    const raws = [0, 1, 2].map((nonce) => transfer(0, nonce));
    const [b0, c0] = [transfer(1, 0), transfer(2, 0)];
    for (const raw of [...raws, b0, c0]) await pool.add(raw, "local");
    expect(pool.take(MAX, GAS)?.txs.length).toBe(5);
    // another transaction with nonce 1 of the same sender got in
    const theirs = transfer(0, 1, { value: 1n });
    pool.executed(
      block(
        [raws[0]!, theirs],
        [
          { hash: keccak256(b0), code: "SKIP_NONCE_TOO_HIGH", retry: true },
          { hash: keccak256(c0), code: "SKIP_REFUSED", retry: false },
        ],
      ),
    );
    expect(pool.get(keccak256(raws[1]!))).toBeUndefined();
    expect(pool.get(keccak256(c0))).toBeUndefined();
    expect(hashes(pool.take(MAX, GAS)?.txs)).toEqual(hashes([b0]));
    expect(pool.status()).toMatchObject({ pending: 2, inFlight: 2 });
    expect(await codeOf(pool.add(raws[0]!, "local"))).toBe("TX_NONCE_TOO_LOW");
  });

  it("a replacement takes the slot and is offered, also when the first is in flight", async () => {
    const { pool } = await running();
    const [first, second] = [transfer(0, 0), transfer(0, 0, { maxFeePerGas: 3n * GWEI, maxPriorityFeePerGas: 2n * GWEI })];
    await pool.add(first, "local");
    pool.take(MAX, GAS);
    await pool.add(second, "local");
    expect(pool.get(keccak256(first))).toBeUndefined();
    expect(hashes(pool.take(MAX, GAS)?.txs)).toEqual(hashes([second]));
    pool.giveBack([first]);
    expect(pool.take(MAX, GAS)).toBeUndefined();
  });
});

describe("a full pool", () => {
  const tip = (n: number, nonce: number, price: bigint) => transfer(n, nonce, { maxPriorityFeePerGas: price, maxFeePerGas: 5n * GWEI });

  it("gives way to better paid ones, last nonce of the cheapest sender first; local ones stay longest", async () => {
    const { pool } = await running({ maxTransactions: 4 });
    const cheap = [tip(0, 0, 2n), tip(0, 1, 100n)];
    const local = tip(1, 0, 1n);
    for (const raw of cheap) await pool.add(raw, "peer");
    await pool.add(local, "local");
    await pool.add(tip(2, 0, 50n), "peer");
    expect(await codeOf(pool.add(tip(3, 0, 2n), "peer"))).toBe("POOL_FULL");
    await pool.add(tip(3, 0, 3n), "peer");
    expect(pool.get(keccak256(cheap[1]!))).toBeUndefined();
    await pool.add(tip(4, 0, 4n), "peer");
    expect(pool.get(keccak256(cheap[0]!))).toBeUndefined();
    await pool.add(tip(5, 0, 0n), "local");
    expect(pool.get(keccak256(tip(3, 0, 3n)))).toBeUndefined();
    expect(pool.get(keccak256(local))).toBeDefined();
    expect(pool.status()).toMatchObject({ pending: 4 });
  });

  it("never gives up what is in flight", async () => {
    const { pool } = await running({ maxTransactions: 1 });
    await pool.add(tip(0, 0, 1n), "peer");
    pool.take(MAX, GAS);
    expect(await codeOf(pool.add(tip(1, 0, 100n), "local"))).toBe("POOL_FULL");
  });
});
