import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FoundFault } from "@noema/consensus/runtime/health";
import { blockNumber } from "@noema/core/block-number";
import { ZERO_HASH } from "@noema/core/bytes";
import { createRecordingLogger } from "@noema/core/testing/null-ports";
import { createSimClock } from "@noema/core/testing/sim-clock";
import type { Pool } from "@noema/execution/pool/pool-interface";
import { afterEach, beforeEach, expect, it } from "vitest";
import { faultPath, healFaults, standingFaults, writeFault } from "./fault-file.ts";
import { createGate } from "./gate.ts";
import { guardState } from "./guard.ts";
import { guardedPool } from "./guarded-pool.ts";
import { openGate } from "./open-gate.ts";
import type { Reported } from "./report.ts";

let datadir: string;
beforeEach(() => {
  datadir = mkdtempSync(join(tmpdir(), "noema-diverged-"));
});
afterEach(() => rmSync(datadir, { recursive: true }));

const result = (height: number, byte: number) => {
  const root = new Uint8Array(32).fill(byte);
  const roots = { stateRoot: root, receiptsRoot: root, skippedRoot: ZERO_HASH, systemRoot: ZERO_HASH };
  return { height, number: blockNumber(height), evmBlockHash: root, gasUsed: 21_000n, ...roots };
};
const DIVERGED: FoundFault = {
  code: "EXEC_DIVERGED",
  message: "own result of height 7 contradicts the header of height 10",
  height: 7,
  divergence: { height: 7, headerHeight: 10, own: result(7, 1), notarized: result(7, 2), agreed: 5 },
};

/** A guard whose consensus fails when told to, and whose execution has one transaction in each block. */
function guarded(execution: Partial<Reported> = {}, block: () => { hash: Uint8Array } = () => ({ hash: ZERO_HASH })) {
  const gate = createGate();
  const logger = createRecordingLogger();
  let tell = (_: FoundFault) => {};
  const reported = {
    result: async (height: number) => result(height, 1),
    block: async (height: number) => ({ height, logsBloom: new Uint8Array(2), gasUsed: 21_000n, txHashes: [] }),
    receipts: async () => [
      { txHash: ZERO_HASH, from: new Uint8Array(20), ok: true, gasUsed: 21_000n, cumulativeGasUsed: 21_000n, logs: [] },
    ],
    outcome: async () => ({ skipped: [], changes: [{ table: "accounts", key: ZERO_HASH, after: Uint8Array.of(1) }], left: 0 }),
    ...execution,
  } as unknown as Reported;
  const consensus = {
    onFault(f: (fault: FoundFault) => void) {
      tell = f;
      return () => {};
    },
    block,
  } as never;
  const guard = guardState({
    datadir,
    genesisHash: ZERO_HASH,
    self: undefined,
    gate,
    consensus,
    execution: reported,
    clock: createSimClock(),
    logger,
  });
  return { gate, logger, guard, fail: (fault: FoundFault) => tell(fault) };
}

it("closes the gate at once, writes both results and what was executed, and names the file", async () => {
  const { gate, logger, guard, fail } = guarded();
  expect(gate.closed()).toBeUndefined();
  fail(DIVERGED);
  expect(gate.closed()?.code).toBe("EXEC_DIVERGED");
  const path = faultPath(datadir, 7);
  const early = JSON.parse(readFileSync(path, "utf8")); // before anything could be asked of execution
  expect(early).toMatchObject({
    height: 7,
    headerHeight: 10,
    agreed: 5,
    own: { gasUsed: "21000" },
    certified: { stateRoot: `0x${"02".repeat(32)}` },
  });
  await guard.settled();
  const whole = JSON.parse(readFileSync(path, "utf8"));
  expect(whole.blocks.map((x: { height: number }) => x.height)).toEqual([6, 7]);
  expect(whole.blocks[0]).toMatchObject({ transactions: [{ ok: true }], changes: [{ table: "accounts" }], changesLeft: 0 });
  expect(logger.lines.some((line) => line.fields.file === path && String(line.fields.remedy).includes("noema reexecute"))).toBe(true);
});

it("is written down as well while consensus is still starting", async () => {
  const { guard, fail } = guarded({}, () => {
    throw new Error("consensus has not been started");
  });
  fail(DIVERGED);
  await guard.settled();
  expect(JSON.parse(readFileSync(faultPath(datadir, 7), "utf8"))).toMatchObject({ height: 7, blocks: [{ height: 6 }, { height: 7 }] });
});

it("the first divergence stands, and one that cannot be read up is still told", async () => {
  const { guard, fail } = guarded({ block: () => Promise.reject(new Error("the trie is gone")) });
  fail(DIVERGED);
  fail({ ...DIVERGED, message: "another" });
  await guard.settled();
  expect(readdirSync(join(datadir, "diverged"))).toEqual(["7.json"]);
  expect(JSON.parse(readFileSync(faultPath(datadir, 7), "utf8")).blocks[0].unreadable).toContain("the trie is gone");
});

it("a damaged state is written down by the height that could not be executed, a fork by its name", async () => {
  const damaged = guarded();
  damaged.fail({ code: "EXEC_DIVERGED", message: "the state is damaged", height: 25 });
  const forked = guarded();
  forked.fail({ code: "CONSENSUS_FORKED", message: "final beside the own chain" });
  await Promise.all([damaged.guard.settled(), forked.guard.settled()]);
  expect(standingFaults(datadir).map(({ closed }) => closed.code)).toEqual(["EXEC_DIVERGED", "CONSENSUS_FORKED"]);
  expect(readdirSync(join(datadir, "diverged"))).toEqual(["25.json", "forked.json"]);
});

it("what stops votes without casting doubt on the state leaves the gate open", async () => {
  const { gate, guard, fail } = guarded();
  fail({ code: "CONSENSUS_STORAGE_FAILED", message: "the disk is full" });
  await guard.settled();
  expect(gate.closed()).toBeUndefined();
  expect(standingFaults(datadir)).toEqual([]);
});

it("is closed from the next start on, until healed; a fork is healed by nobody", () => {
  const logger = createRecordingLogger();
  expect(openGate(datadir, logger).closed()).toBeUndefined();
  writeFault(faultPath(datadir, 7), { code: "EXEC_DIVERGED", message: "it was so" });
  expect(openGate(datadir, logger).closed()).toEqual({ code: "EXEC_DIVERGED", message: "it was so" });
  writeFileSync(faultPath(datadir, 7), "{torn");
  expect(openGate(datadir, logger).closed()?.code).toBe("EXEC_DIVERGED"); // that it is there is what counts
  healFaults(datadir, 1);
  expect(openGate(datadir, logger).closed()).toBeUndefined();
  writeFault(faultPath(datadir, undefined), { code: "CONSENSUS_FORKED", message: "two chains" });
  healFaults(datadir, 2);
  expect(openGate(datadir, logger).closed()?.code).toBe("CONSENSUS_FORKED");
});

it("keeps a bounded number of those healed, the newest", () => {
  for (let i = 1; i <= 20; i++) {
    writeFault(faultPath(datadir, 7), { code: "EXEC_DIVERGED", message: `${i}` });
    healFaults(datadir, i);
  }
  const kept = readdirSync(join(datadir, "diverged"));
  expect(kept).toHaveLength(8);
  expect(kept).toContain("7.healed-20.json");
});

it("the pool behind it takes nothing in and gives nothing to a batch", async () => {
  const gate = createGate();
  const taken = { txs: [], gas: 0n };
  const pool = guardedPool({ addAll: async () => [{ hash: ZERO_HASH }], take: () => taken } as unknown as Pool, gate);
  expect(await pool.add(ZERO_HASH, "peer")).toBe(ZERO_HASH);
  expect(pool.take(1, 1n)).toBe(taken);
  gate.close({ code: "EXEC_DIVERGED", message: "" });
  expect(await pool.addAll([ZERO_HASH, ZERO_HASH], "local")).toMatchObject(Array(2).fill({ error: { code: "EXEC_DIVERGED" } }));
  for (const origin of ["peer", "local"] as const)
    await expect(pool.add(ZERO_HASH, origin)).rejects.toMatchObject({ code: "EXEC_DIVERGED" });
  expect(pool.take(1, 1n)).toBeUndefined();
});
