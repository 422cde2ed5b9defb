/** Random histories: the bounds hold, sums stay true, and take never gives a nonce out of order or twice. */
import { toHex } from "@noema/core/bytes";
import { isNoemaError } from "@noema/core/errors";
import { keccak256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeTransaction } from "../transactions/decode.ts";
import { addressOf, createPoolFixture, GWEI, transfer } from "./testing/pool-fixture.ts";

const LIMITS = { maxTransactions: 12, maxBytes: 1_300, maxPerSender: 5, inFlightMs: 10_000 };
const SENDERS = [0, 1, 2, 3];

const ADDRESSES = SENDERS.map((n) => toHex(addressOf(n)));
const raws = new Map<string, Bytes>();
/** By hash. */
const senderOf = new Map<string, string>();
function cached(n: number, nonce: number, price: number): Bytes {
  const key = `${n}/${nonce}/${price}`;
  const raw = raws.get(key) ?? transfer(n, nonce, { maxPriorityFeePerGas: BigInt(price), maxFeePerGas: 2n * GWEI + BigInt(price) * GWEI });
  raws.set(key, raw);
  senderOf.set(toHex(keccak256(raw)), ADDRESSES[n]!);
  return raw;
}

const step = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constant("add" as const), fc.constantFrom(...SENDERS), fc.nat(6), fc.nat(4)) },
  { weight: 3, arbitrary: fc.tuple(fc.constant("take" as const), fc.nat(600)) },
  { weight: 2, arbitrary: fc.tuple(fc.constant("execute" as const), fc.nat(4)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("giveBack" as const)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("elsewhere" as const), fc.constantFrom(...SENDERS), fc.nat(6), fc.nat(4)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("wait" as const), fc.nat(12_000)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("skip" as const), fc.boolean()) },
);

describe("any history", () => {
  it("keeps the bounds and the order of nonces", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { pool, block, clock } = createPoolFixture(LIMITS);
        await pool.start();
        const next = new Map(ADDRESSES.map((address) => [address, 0n]));
        let batch: Bytes[] = [];
        for (const action of steps) {
          if (action[0] === "add")
            await pool.add(cached(action[1], action[2], action[3]), action[3] % 2 ? "local" : "peer").catch(onlyOurs);
          else if (action[0] === "elsewhere") pool.markInFlight([keccak256(cached(action[1], action[2], action[3]))]);
          else if (action[0] === "wait") clock.advance(action[1]);
          else if (action[0] === "giveBack") {
            pool.giveBack(batch);
            batch = [];
          } else if (action[0] === "take") {
            const taken = pool.take(action[1], 100_000n);
            batch.push(...checked(taken, action[1], pool, next));
          } else if (action[0] === "skip") {
            const skipped = batch.splice(0, 1).map((raw) => ({ hash: keccak256(raw), code: "SKIP_FEE", retry: action[1] }));
            pool.executed(block([], skipped));
          } else {
            const included = executableOf(batch.splice(0, action[1]), next);
            pool.executed(block(included));
          }
          const { pending, queued, bytes } = pool.status();
          const content = pool.content();
          expect(pending + queued).toBeLessThanOrEqual(LIMITS.maxTransactions);
          expect(bytes).toBeLessThanOrEqual(LIMITS.maxBytes);
          expect([...content.pending, ...content.queued].reduce((sum, { tx }) => sum + tx.raw.length, 0)).toBe(bytes);
          for (const address of ADDRESSES) {
            const own = [...content.pending, ...content.queued].filter(({ sender }) => toHex(sender) === address);
            expect(own.length).toBeLessThanOrEqual(LIMITS.maxPerSender);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

function onlyOurs(error: unknown): void {
  if (!isNoemaError(error)) throw error;
}

/** Within a batch each sender's nonces ascend by one; everything before the first is in the pool, in flight. */
function checked(
  taken: { txs: Bytes[]; gas: bigint } | undefined,
  maxBytes: number,
  pool: ReturnType<typeof createPoolFixture>["pool"],
  next: ReadonlyMap<string, bigint>,
): Bytes[] {
  if (taken === undefined) return [];
  expect(taken.txs.length).toBeGreaterThan(0);
  expect(taken.txs.reduce((sum, raw) => sum + raw.length, 0)).toBeLessThanOrEqual(maxBytes);
  expect(taken.gas).toBeLessThanOrEqual(100_000n);
  const last = new Map<string, bigint>();
  const pending = new Set(pool.content().pending.map(({ tx }) => toHex(tx.hash)));
  for (const raw of taken.txs) {
    const tx = decodeTransaction(raw);
    expect(pending.has(toHex(tx.hash))).toBe(true);
    const sender = toHex(pool.get(tx.hash)!.sender);
    expect(tx.nonce).toBeGreaterThanOrEqual(next.get(sender)!);
    expect(tx.nonce).toBeGreaterThan(last.get(sender) ?? -1n);
    last.set(sender, tx.nonce);
  }
  return taken.txs;
}

/** What a block would include of a batch. */
function executableOf(batch: readonly Bytes[], next: Map<string, bigint>): Bytes[] {
  return batch.filter((raw) => {
    const tx = decodeTransaction(raw);
    const sender = senderOf.get(toHex(tx.hash))!;
    if (tx.nonce !== next.get(sender)) return false;
    next.set(sender, tx.nonce + 1n);
    return true;
  });
}
