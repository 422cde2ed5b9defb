/** Many transactions at once: each has its own answer, what they need is asked in one go, and one fsync covers them. */
import { toHex } from "@noema/core/bytes";
import { NoemaError } from "@noema/core/errors";
import { keccak256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import { createMemoryLog } from "@noema/core/testing/memory-log";
import { expect, it } from "vitest";
import { EMPTY_ACCOUNT } from "../state/account.ts";
import { identifyHere } from "../transactions/identify.ts";
import { memorySidecars, signBlobTransaction } from "../transactions/testing/sidecar.ts";
import type { AddOutcome, PoolDeps } from "./pool-interface.ts";
import { addressOf, CHAIN, createPoolFixture, GWEI, keyOf, transfer } from "./testing/pool-fixture.ts";

const said = (outcomes: readonly AddOutcome[]) => outcomes.map((x) => ("hash" in x ? toHex(x.hash) : x.error.code));
const hashOf = (raw: Bytes) => toHex(keccak256(raw));

/** A pool whose questions and syncs are counted. */
async function counted(deps: Partial<PoolDeps> = {}, ...overrides: Parameters<typeof createPoolFixture>) {
  const [asked, log] = [{ recoveries: [] as number[], accounts: [] as number[], syncs: 0 }, createMemoryLog()];
  const sync = () => {
    asked.syncs++;
    return log.sync();
  };
  const fixture = createPoolFixture(overrides[0], {
    journal: { ...log, sync },
    identify(raws) {
      asked.recoveries.push(raws.length);
      return identifyHere(raws);
    },
    accounts: async (addresses) => {
      asked.accounts.push(addresses.length);
      return addresses.map(() => ({ ...EMPTY_ACCOUNT, balance: 10n ** 21n }));
    },
    ...deps,
  });
  await fixture.pool.start();
  return { ...fixture, asked, log };
}

it("admits in the order given, and says of each what became of it", async () => {
  const { pool, asked } = await counted();
  const [first, second, third, other] = [transfer(0, 0), transfer(0, 1), transfer(0, 2), transfer(1, 0)];
  const unsigned = transfer(2, 0).slice();
  unsigned.fill(255, unsigned.length - 65, unsigned.length - 33);
  const raws = [first, new Uint8Array(3), second, unsigned, first, transfer(0, 1, { value: 1n }), other, third];
  expect(said(await pool.addAll(raws, "local"))).toEqual([
    hashOf(first),
    "TX_TYPE_UNSUPPORTED",
    hashOf(second),
    "TX_SIGNATURE_INVALID",
    "POOL_KNOWN",
    "POOL_UNDERPRICED",
    hashOf(other),
    hashOf(third),
  ]);
  expect(asked).toEqual({ recoveries: [8], accounts: [2], syncs: 1 });
  const taken = pool
    .take(1_000_000, 10n ** 9n)
    ?.txs.map(hashOf)
    .filter((hash) => hash !== hashOf(other));
  expect(taken).toEqual([first, second, third].map(hashOf));
  expect(await pool.addAll([], "local")).toEqual([]);
});

it("all that comes in one turn is one run, whoever brings it: one question each, one record, one fsync", async () => {
  const { pool, asked, log } = await counted();
  const mine = [0, 1, 2].map((n) => pool.add(transfer(n, 0), "local"));
  const theirs = pool.addAll([transfer(3, 0), transfer(0, 0)], "peer");
  const last = pool.addAll([transfer(4, 0), transfer(3, 0)], "local");
  expect((await Promise.all(mine)).map(toHex)).toEqual([0, 1, 2].map((n) => hashOf(transfer(n, 0))));
  expect(said(await theirs)).toEqual([hashOf(transfer(3, 0)), "POOL_KNOWN"]);
  expect(said(await last)).toEqual([hashOf(transfer(4, 0)), "POOL_KNOWN"]);
  expect(asked).toEqual({ recoveries: [7], accounts: [5], syncs: 1 });
  expect([...log.replay()]).toHaveLength(1); // with that of the peer which a client has sent as well
  const again = createPoolFixture({}, { journal: log.crash() });
  await again.pool.start();
  expect(again.pool.status().pending).toBe(5);
});

it("what is more than a turn may take goes on in the next", async () => {
  const { pool, asked } = await counted();
  const all = await Promise.all([0, 1, 2].map((n) => pool.addAll(Array.from({ length: 100 }, (_, k) => transfer(n, k)), "local"))); // biome-ignore format: one line
  expect(all.flat().filter((x) => "hash" in x)).toHaveLength(300);
  expect(asked.recoveries).toEqual([200, 100]);
});

it("nothing is fsynced for peers, or where all are refused", async () => {
  const { pool, asked } = await counted();
  expect(said(await pool.addAll([transfer(0, 0), transfer(1, 0)], "peer"))).toHaveLength(2);
  await pool.addAll([new Uint8Array(1)], "local");
  expect(asked.syncs).toBe(0);
  expect(said(await pool.addAll([transfer(0, 0)], "local"))).toEqual(["POOL_KNOWN"]); // a promise to a client
  expect(asked.syncs).toBe(1);
});

it("answers after the fsync; where that fails, nobody's acceptance is promised", async () => {
  const { pool, log } = await counted();
  log.holdSync();
  const order: string[] = [];
  pool.onAdded(() => order.push("added"));
  const adding = pool.addAll([transfer(0, 0), transfer(0, 1)], "local").then(() => order.push("answered"));
  while (order.length < 2) await new Promise((resolve) => setImmediate(resolve));
  order.push("fsynced");
  log.releaseSync();
  await adding;
  expect(order).toEqual(["added", "added", "fsynced", "answered"]);
  log.failSync(new Error("no space left"));
  const raws = [transfer(1, 0), transfer(0, 0), new Uint8Array(1)];
  expect(said(await pool.addAll(raws, "local"))).toEqual(["POOL_JOURNAL_FAILED", "POOL_JOURNAL_FAILED", "TX_TYPE_UNSUPPORTED"]);
});

it("lets in as many as may arrive at once, and refuses the rest", async () => {
  const { pool } = await counted({}, { maxArriving: 2 });
  const raws = [transfer(0, 0), transfer(1, 0), transfer(2, 0)];
  expect(said(await pool.addAll(raws, "local"))).toEqual([hashOf(raws[0]!), hashOf(raws[1]!), "POOL_BUSY"]);
  expect(said(await pool.addAll([raws[2]!], "local"))).toEqual([hashOf(raws[2]!)]); // the others have arrived
});

it("a question that fails, fails for those that asked it; a fault is thrown", async () => {
  const gone = new NoemaError("WORKER_DIED", "the execution thread ended");
  const failing = async () => Promise.reject(gone);
  const { pool } = await counted({ accounts: failing });
  expect(said(await pool.addAll([new Uint8Array(1), transfer(0, 0)], "local"))).toEqual(["TX_TYPE_UNSUPPORTED", "WORKER_DIED"]);
  const unsigned = await counted({
    identify: async (raws) => (await identifyHere(raws)).map((x, i) => (i === 0 ? { ...x, sender: undefined } : x)),
  });
  expect(said(await unsigned.pool.addAll([transfer(0, 0), transfer(1, 0)], "peer"))).toEqual([
    "TX_SIGNATURE_INVALID",
    hashOf(transfer(1, 0)),
  ]);
  const broken = await counted({ identify: async () => Promise.reject(new TypeError("a fault")) });
  await expect(broken.pool.addAll([transfer(0, 0)], "local")).rejects.toThrow("a fault");
});

it("checks the proofs of those that have some, and code where there is some", async () => {
  const code = { [toHex(addressOf(0))]: Uint8Array.of(0), [toHex(addressOf(1))]: Uint8Array.of(0xef, 1, 0, ...addressOf(2)) };
  const { pool } = await counted({
    sidecars: memorySidecars(false),
    accounts: async (addresses) =>
      addresses.map((address) => ({
        ...EMPTY_ACCOUNT,
        balance: 10n ** 21n,
        ...(code[toHex(address)] && { codeHash: new Uint8Array(32) }),
      })),
    code: async (address) => code[toHex(address)] as Bytes,
  });
  const blob = signBlobTransaction({ chainId: CHAIN, maxFeePerGas: 2n * GWEI }, keyOf(3)).wire;
  const raws = [blob, transfer(0, 0), transfer(1, 0), transfer(4, 0)];
  expect(said(await pool.addAll(raws, "local"))).toEqual(["TX_SIDECAR_INVALID", "TX_SENDER_CODE", hashOf(raws[2]!), hashOf(raws[3]!)]);
});
