import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { COMMON_LOAD } from "./alternate.ts";
import { transfers } from "./scenarios/transfers.ts";
import { openSession } from "./session.ts";
import { foreignTarget } from "./targets/foreign.ts";
import { startNoema } from "./targets/noema.ts";
import { type FakeNode, type Faults, startFakeNode } from "./testing/fake-node.ts";

let node: FakeNode;
afterEach(() => node.close());

const funder = new Uint8Array(32).fill(1);
const load = { ...COMMON_LOAD, senders: 10, connections: 2, batch: 5, seed: 1, count: 60 };

async function measure(faults: Faults, pace: { rate?: number; receipts?: boolean; most?: number } = {}, options = load) {
  node = await startFakeNode(faults);
  const target = await foreignTarget({ urls: [node.url], observe: undefined, funder, pid: undefined });
  const session = await openSession(target, transfers, options);
  const setup = node.received.length;
  const result = await session.run({ window: 1, seconds: 600, ...pace });
  session.close();
  return { result, sent: node.received.slice(setup) };
}

describe("a run", () => {
  it.each([undefined, 2000])("accounts for each transaction, at a rate of %s", async (rate) => {
    const { result, sent } = await measure({}, { rate });
    expect([result.target, result.sent, result.included, sent.length]).toEqual(["fake", 60, 60, 60]);
    expect([result.answerMs?.count, result.includedMs?.count]).toEqual([60, 60]);
    expect([result.coreMicros, result.syncsPerTransaction, result.finalizedMs]).toEqual([undefined, undefined, undefined]); // not guessed
  });

  it("sends the same bytes as another with its seed", async () => {
    const first = (await measure({})).sent.toSorted();
    await node.close();
    expect((await measure({})).sent.toSorted()).toEqual(first);
  });

  it("follows each send to its receipt", async () => {
    const { result } = await measure({}, { receipts: true }, { ...load, batch: 1 });
    expect(result.receiptMs?.count).toBe(60);
  });

  it("sends again what was refused at first, and says how often that was", async () => {
    const { result } = await measure({ refuse: (nth) => (nth >= 20 && nth < 30 ? "the pool is full" : undefined) });
    expect([result.included, result.refusals, result.refused]).toEqual([60, { "-32000 the pool is full": 10 }, {}]);
  });

  it("fails where a receipt says that a transaction failed", async () => {
    const lie = measure({ status: (nth) => (nth === 0 ? "0x1" : "0x0") }); // the first is the set-up's
    await expect(lie).rejects.toThrow(expect.objectContaining({ code: "BENCH_RUN_FAILED" }));
  });

  it("fails where the accounts cannot be paid", async () => {
    await expect(measure({ refuse: () => "insufficient funds" })).rejects.toThrow(expect.objectContaining({ code: "BENCH_SETUP_FAILED" }));
  });

  it("fails where nothing answers, and where a devnet does not start", async () => {
    node = await startFakeNode();
    await node.close();
    await expect(foreignTarget({ urls: [node.url], observe: undefined, funder, pid: undefined })).rejects.toThrow("ECONNREFUSED");
    const checkout = mkdtempSync(join(tmpdir(), "noema-checkout-"));
    mkdirSync(join(checkout, "bin"));
    writeFileSync(join(checkout, "bin", "noema.mjs"), 'process.stderr.write("no disk here"); process.exitCode = 1;');
    const none = startNoema({ checkout, validators: 1, asyncSend: true, flags: [], syncDelayMs: 0 });
    await expect(none).rejects.toThrow(
      expect.objectContaining({ code: "BENCH_TARGET_FAILED", message: "noema-1 did not start: no disk here" }),
    );
    rmSync(checkout, { recursive: true });
    await expect(startNoema({ checkout, validators: 1, asyncSend: true, flags: [], syncDelayMs: 0 })).rejects.toThrow("--noema");
    node = await startFakeNode();
  });
});
