/** What a final block gives is told once, when the block is certain, and kept when it is stored. */
import { blockNumber } from "@noema/core/block-number";
import { ZERO_HASH } from "@noema/core/bytes";
import type { ExecResult, FinalBlock } from "@noema/core/ports/application";
import { nullLogger } from "@noema/core/testing/null-ports";
import { createSimClock } from "@noema/core/testing/sim-clock";
import type { BlockExecutor, ExecutedBlock } from "@noema/execution/api";
import { expect, it } from "vitest";
import { createApplication } from "./application.ts";

const hashes = { evmBlockHash: ZERO_HASH, stateRoot: ZERO_HASH, receiptsRoot: ZERO_HASH, skippedRoot: ZERO_HASH, systemRoot: ZERO_HASH };
const resultAt = (height: number): ExecResult => ({ height, number: blockNumber(0), gasUsed: 0n, ...hashes });
const blockAt = (height: number) => ({ height, certs: [] }) as unknown as FinalBlock;
const gates = () => ({ certain: Promise.withResolvers<void>(), stored: Promise.withResolvers<void>() });

/** `write`: of the state, at each attempt. */
function start(write: () => Promise<void>) {
  const lane = { available: () => [], onAvailable() {}, included() {}, read: () => expect.unreachable() };
  const events: string[] = [];
  const execute: BlockExecutor["execute"] = async ({ height }, stored, ran) => {
    const executed = { result: resultAt(height) } as ExecutedBlock;
    ran?.(executed);
    await stored;
    await write();
    return executed;
  };
  const application = createApplication({
    execution: { execute },
    payload: lane,
    blobs: lane,
    validatorSet: () => undefined,
    start: { height: 0, results: [resultAt(0)] },
    onExecuted({ result }, kept) {
      events.push(`told ${result.height}`);
      void kept.then(() => events.push(`kept ${result.height}`));
    },
    signal: new AbortController().signal,
    clock: createSimClock(),
    logger: nullLogger,
  });
  return { application, events };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

it("tells when the block is certain, and keeps when it is stored; its own headers carry what is kept", async () => {
  const { application, events } = start(async () => undefined);
  const { certain, stored } = gates();
  const finalized = application.finalized(blockAt(1), { certain: certain.promise, stored: stored.promise });
  await turn();
  expect(events).toEqual([]);
  certain.resolve();
  await turn();
  expect(events).toEqual(["told 1"]);
  expect(application.result(1)).toBeUndefined();
  stored.resolve();
  expect((await finalized).height).toBe(1);
  await turn();
  expect(events).toEqual(["told 1", "kept 1"]);
  expect(application.result(1)).toBeDefined();
});

it("does not tell again what could not be written at first", async () => {
  let failures = 1;
  const { application, events } = start(async () => {
    if (failures-- > 0) throw new Error("ENOSPC");
  });
  const released = { certain: Promise.resolve(), stored: Promise.resolve() };
  await expect(application.finalized(blockAt(1), released)).rejects.toThrow("ENOSPC");
  expect(events).toEqual(["told 1", "kept 1"]); // nobody waits for it any longer
  expect(application.result(1)).toBeUndefined();
  await application.finalized(blockAt(1), released);
  await application.finalized(blockAt(2), released);
  await turn();
  expect(events).toEqual(["told 1", "kept 1", "told 2", "kept 2"]);
});

it("tells nothing of a block that is given up", async () => {
  const { application, events } = start(async () => undefined);
  const { certain, stored } = gates();
  const finalized = application.finalized(blockAt(1), { certain: certain.promise, stored: stored.promise });
  for (const { reject } of [certain, stored]) reject(new Error("the node stops"));
  await expect(finalized).rejects.toThrow("the node stops");
  expect(events).toEqual([]);
});
