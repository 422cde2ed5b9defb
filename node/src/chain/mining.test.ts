/** When the pool gives to a batch, what a request for blocks brings along, and who asks by the clock. */
import { concatBytes } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { createSimClock, settle } from "@noema/core/testing/sim-clock";
import type { ExecutedBlock } from "@noema/execution/api";
import type { Pool } from "@noema/execution/pool/pool-interface";
import { decodeChunk } from "@noema/execution/system/chunk";
import type { Mining } from "@noema/execution/system/controls";
import type { DevView } from "@noema/execution/system/dev-view";
import { KIND, type Kind } from "@noema/execution/system/kinds";
import { decodeMine, encodeTransactions, type Mine } from "@noema/execution/system/mine";
import { decodeOperation, operationInput } from "@noema/execution/system/operation";
import { expect, it } from "vitest";
import { mineOnce } from "./mine.ts";
import { gatedPool } from "./mining-gate.ts";
import { startMiningTicker } from "./mining-ticker.ts";

const AUTO: Mining = { every: false, auto: true, intervalMs: 0 };
const NONE: Mining = { every: false, auto: false, intervalMs: 0 };

function chainOf(mining: Mining | undefined) {
  let now = mining;
  const listeners = new Set<(block: ExecutedBlock) => void>();
  return {
    controls: () => now && ({ mining: now } as DevView),
    onHead(f: (block: ExecutedBlock) => void) {
      listeners.add(f);
      return () => listeners.delete(f);
    },
    becomes(next: Mining | undefined, block?: object) {
      now = next;
      for (const f of listeners) f({ block } as ExecutedBlock);
    },
  };
}

it("the pool gives to a batch but where blocks must be asked for, and again when they need not", () => {
  const chain = chainOf(undefined);
  const taken = { txs: [new Uint8Array(1)], gas: 1n, senders: [] };
  const pool = gatedPool({ take: () => taken, onReady: () => {} } as unknown as Pool, chain);
  let woken = 0;
  pool.onReady(() => woken++);
  const takes = () => pool.take(1, 1n) === taken;
  expect(takes()).toBe(true); // a chain that is not for development
  chain.becomes(NONE);
  expect([takes(), woken]).toEqual([false, 0]);
  chain.becomes({ ...NONE, intervalMs: 5 });
  expect(takes()).toBe(false);
  chain.becomes(AUTO);
  expect([takes(), woken]).toEqual([true, 1]);
  chain.becomes({ ...NONE, every: true });
  expect([takes(), woken]).toEqual([true, 1]);
});

type Submitted = { kind: Kind; mine: Mine; ahead: readonly Bytes[] };

function minerOf(mining: Mining, raws: Bytes[]) {
  const submitted: Submitted[] = [];
  const operations = {
    submit: async (kind: Kind, body: Bytes, ahead: readonly Bytes[] = []) => {
      submitted.push({ kind, mine: decodeMine(body), ahead });
      return { outcome: 0 as const };
    },
  };
  const pool = { next: (exact: boolean) => ({ transactions: exact ? raws.map((raw) => ({ tx: { raw } })) : [] }) };
  return { submitted, deps: { operations, pool, controls: chainOf(mining).controls } };
}

it("a request brings what waits, cut into chunks that its ids name, and asks for one block then", async () => {
  const raws = [new Uint8Array(100_000).fill(1), new Uint8Array(100_000).fill(2), Uint8Array.of(3)];
  const { deps, submitted } = minerOf(NONE, raws);
  expect(await mineOnce(deps, { count: 9, interval: 3n })).toEqual({ outcome: 0, made: 1 });
  const [{ kind, mine, ahead }] = submitted as [Submitted];
  expect([kind, mine.count, mine.interval, mine.ifDue]).toEqual([KIND.mine, 1n, 3n, false]);
  expect(mine.staged).toEqual(ahead.map((data) => operationInput(data).id));
  const chunks = ahead.map((data) => decodeChunk(decodeOperation(data).body));
  expect([chunks.length, concatBytes(...chunks)]).toEqual([2, encodeTransactions(raws)]);
});

it("brings the first of what waits where it is more than one operation names", async () => {
  const { deps, submitted } = minerOf(NONE, Array<Bytes>(170).fill(new Uint8Array(100_000)));
  expect(await mineOnce(deps, { count: 1 })).toEqual({ outcome: 0, made: 1 });
  const [{ mine, ahead }] = submitted as [Submitted];
  expect([mine.staged.length, ahead.length]).toEqual([128, 128]);
  const chunks = ahead.map((data) => decodeChunk(decodeOperation(data).body));
  const brought = encodeTransactions(Array<Bytes>(162).fill(new Uint8Array(100_000)));
  expect(Buffer.compare(concatBytes(...chunks), brought)).toBe(0);
});

it("brings nothing where a batch takes what waits, and at most as many blocks as one operation has", async () => {
  const { deps, submitted } = minerOf(AUTO, [Uint8Array.of(3)]);
  expect((await mineOnce(deps, { count: 100_000 })).made).toBe(65_536);
  expect((await mineOnce(deps, { count: 7, ifDue: true })).made).toBe(7);
  expect(submitted.map(({ mine, ahead }) => [mine.staged.length, ahead.length, mine.ifDue])).toEqual([
    [0, 0, false],
    [0, 0, true],
  ]);
});

it("by the clock: each interval after the newest block, later at a later validator, until it is told otherwise", async () => {
  const clock = createSimClock();
  const chain = chainOf({ ...NONE, intervalMs: 1000 });
  let asked = 0;
  const stop = startMiningTicker({
    heads: chain,
    rank: () => 1,
    clock,
    logger: { log: () => undefined },
    mine: async () => {
      asked++;
      if (asked === 2) throw new Error("nobody answers");
    },
  });
  await clock.advanceAsync(2_999);
  expect(asked).toBe(0);
  chain.becomes({ ...NONE, intervalMs: 1000 }, {}); // another's block
  await clock.advanceAsync(2_999);
  expect(asked).toBe(0);
  await clock.advanceAsync(1);
  expect(asked).toBe(1);
  await settle();
  await clock.advanceAsync(3_000); // fails, and is tried again
  await settle();
  await clock.advanceAsync(3_000);
  expect(asked).toBe(3);
  await settle();
  chain.becomes(AUTO);
  await clock.advanceAsync(60_000);
  expect([asked, clock.pending()]).toEqual([3, 0]);
  chain.becomes({ ...NONE, intervalMs: 1000 });
  stop();
  await clock.advanceAsync(60_000);
  expect([asked, clock.pending()]).toEqual([3, 0]);
});
