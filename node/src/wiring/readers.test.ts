import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { blockNumber } from "@noema/core/block-number";
import { fromHex, to0x, ZERO_HASH } from "@noema/core/bytes";
import type { Clock } from "@noema/core/ports/clock";
import type { Metrics, Reading } from "@noema/core/ports/metrics";
import { nullLogger, nullMetrics } from "@noema/core/testing/null-ports";
import { createSimClock } from "@noema/core/testing/sim-clock";
import { defaultExecutionOptions } from "@noema/execution/options";
import { signedTx, testAddress, testGenesis } from "@noema/execution/testing/chain";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../clock.ts";
import { asked } from "../rpc/asker.ts";
import type { StoreEngine } from "../store/open-store.ts";
import type { ExecutionThread } from "../threads/execution-face.ts";
import { startExecutionThread } from "../threads/execution-thread.ts";
import { IDLE_MS } from "../threads/reader-thread.ts";
import { createReaders, type Readers } from "./readers.ts";

const ENDLESS = fromHex(`0x${"ee".repeat(20)}`);
/** So much gas that no machine comes to its end before the test does. */
const callGasCap = 2n ** 40n;
const genesis = { ...testGenesis(2, { [to0x(ENDLESS)]: { code: "0x5b5f56" } }), inference: { models: [] } };

let datadir: string;
let execution: ExecutionThread;
let readers: Readers;
let running: () => Reading = () => 0;
const metrics: Metrics = {
  ...nullMetrics,
  gauge(name, _, read) {
    if (name === "noema_rpc_readers") running = read;
  },
};
const started: (() => unknown)[] = [];

async function start(store: StoreEngine, deadlineMs = 600_000, clock: Clock = systemClock): Promise<void> {
  const config = {
    inference: { models: datadir, backend: "wasm" as const },
    execution: { ...defaultExecutionOptions, callGasCap, trieNodes: 1000 },
  };
  const fail = (error: Error) => expect.unreachable(String(error));
  execution = startExecutionThread({ ...config, genesis, datadir, diskReserve: 0, store }, { logger: nullLogger, onDeath: fail });
  started.push(() => execution.stop());
  await execution.start();
  const rpc = { deadlineMs } as never;
  readers = await createReaders({
    genesis,
    config: { ...config, rpc },
    execution,
    clock,
    logger: nullLogger,
    metrics,
  });
  started.push(() => readers.stop());
}

const block = (height: number, txs: Uint8Array[]) => ({
  height,
  parentConsensusHash: ZERO_HASH,
  timestampMs: genesis.timestampMs + 1000 * height,
  coinbase: new Uint8Array(20),
  prevRandao: ZERO_HASH,
  system: [],
  txs,
});

beforeEach(() => {
  datadir = mkdtempSync(join(tmpdir(), "noema-readers-"));
});
afterEach(async () => {
  for (const end of started.splice(0).reverse()) await end();
  rmSync(datadir, { recursive: true });
});

describe.each(["lmdb", "rocksdb"] as const)("%s", (store) => {
  it("never answers from a state older than a block that has executed", async () => {
    await start(store);
    for (let height = 1; height <= 20; height++) {
      const { included } = await execution.execute(
        block(height, [signedTx(0, { nonce: BigInt(height - 1), to: testAddress(5), value: 1n })]),
      );
      const [receipt, account] = await Promise.all([
        readers.reads.receipt(included as Uint8Array),
        readers.reads.account(blockNumber(height), testAddress(5)),
      ]);
      expect([receipt?.number, account.balance]).toEqual([height, BigInt(height)]);
    }
  });

  it("answers as many calls as may wait and the one that runs, and refuses the rest", async () => {
    await start(store);
    const calls = Array.from({ length: 70 }, () => readers.reads.call({ to: testAddress(1) }, blockNumber(0)));
    const ends = (await Promise.allSettled(calls)).map((x) => (x.status === "fulfilled" ? "answered" : x.reason.code));
    expect(ends).toEqual([...Array(65).fill("answered"), ...Array(5).fill("RPC_BUSY")]);
  });
});

it("executes a block before it is stored, shows it to nobody until it is, and drops it where it never is", async () => {
  await start("lmdb");
  const transfer = signedTx(0, { nonce: 0n, to: testAddress(5), value: 1n });
  const [never, stored] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const dropped = execution.execute(block(1, [transfer, transfer]), never.promise);
  never.reject(new Error("the vote log failed"));
  await expect(dropped).rejects.toThrow("the vote log failed");
  let done = false;
  const executing = execution.execute(block(1, [transfer]), stored.promise).finally(() => {
    done = true;
  });
  expect(await execution.result(1)).toBeUndefined(); // the thread has taken the block before it took this question
  expect(await readers.reads.block(blockNumber(1))).toBeUndefined();
  expect(done).toBe(false);
  stored.resolve();
  expect((await executing).txs).toBe(1);
  expect((await readers.reads.account(blockNumber(1), testAddress(5))).balance).toBe(1n);
});

it("runs traces beside calls, and stops one whose client leaves", async () => {
  await start("lmdb");
  await execution.execute(block(1, [signedTx(0, { nonce: 0n, to: testAddress(5) })]));
  const gone = new AbortController();
  const endless = asked({ gone: gone.signal }, () =>
    readers.reads.trace({ call: { to: ENDLESS }, at: blockNumber(0) }, { name: "noopTracer" }),
  );
  endless.catch(() => {});
  expect((await readers.reads.call({ to: testAddress(1) }, blockNumber(0))).ok).toBe(true);
  gone.abort();
  await expect(endless).rejects.toMatchObject({ code: "RPC_DEADLINE" });
  const traces = await readers.reads.trace({ block: blockNumber(1) }, { name: "callTracer" });
  expect(traces.map((x) => JSON.parse(x.result).to)).toEqual([to0x(testAddress(5))]);
});

it("runs no trace on the thread that executes", async () => {
  await start("rocksdb");
  await expect(readers.reads.trace({ block: blockNumber(0) }, {})).rejects.toMatchObject({ code: "RPC_TRACE_DISABLED" });
});

it("answers lookups and executes while a call runs without end, and stops it when its client leaves", async () => {
  await start("lmdb");
  const gone = new AbortController();
  const call = (by = gone) => asked({ gone: by.signal }, () => readers.reads.call({ to: ENDLESS }, blockNumber(0)));
  const endless = call();
  endless.catch(() => {});
  expect((await readers.reads.account(blockNumber(0), testAddress(0))).balance).toBe(10n ** 21n);
  expect((await readers.reads.proof(blockNumber(0), testAddress(0), [])).account.balance).toBe(10n ** 21n);
  await execution.execute(block(1, []));
  expect((await readers.reads.block(blockNumber(1)))?.height).toBe(1);
  const next = readers.reads.call({ to: testAddress(1) }, blockNumber(1));
  gone.abort();
  await expect(endless).rejects.toMatchObject({ code: "RPC_DEADLINE" });
  expect((await next).ok).toBe(true); // the same thread, which has stopped
});

it("ends a thread that nobody asks, and starts another for who does", async () => {
  const time = createSimClock();
  await start("lmdb", 600_000, time);
  expect(running()).toBe(0);
  await readers.reads.block(blockNumber(0));
  await readers.reads.call({ to: testAddress(1) }, blockNumber(0));
  expect(running()).toBe(2);
  time.advance(IDLE_MS);
  expect(running()).toBe(0);
  expect((await readers.reads.block(blockNumber(0)))?.height).toBe(0);
  expect(running()).toBe(1);
});

it("ends what asks for too long", async () => {
  await start("lmdb", 500);
  await expect(readers.reads.call({ to: ENDLESS }, blockNumber(0))).rejects.toMatchObject({ code: "RPC_DEADLINE" });
});

it("fails what waits when the node stops", async () => {
  await start("lmdb");
  const waiting = readers.reads.call({ to: ENDLESS }, blockNumber(0));
  waiting.catch(() => {});
  await readers.reads.block(blockNumber(0));
  await readers.stop();
  await expect(waiting).rejects.toMatchObject({ code: "READER_ENDED" });
  await expect(readers.reads.block(blockNumber(0))).rejects.toMatchObject({ code: "READER_ENDED" });
});
