/** What the service refuses as a whole: a store of another chain or with damage, a fork that nobody knows, questions before its start. */
import { blockNumber } from "@noema/core/block-number";
import { fromHex } from "@noema/core/bytes";
import { keccak256, sha256 } from "@noema/core/hash";
import { createMemoryStore, type MemoryStore } from "@noema/core/testing/memory-store";
import { expect, it } from "vitest";
import { createExecutionService } from "../service.ts";
import { CODE } from "../tables.ts";
import { echoPrecompiles, startChain, testAddress, testGenesis } from "../testing/chain.ts";

const serviceOf = (kv: MemoryStore, o: { hash?: number; fork?: string } = {}) =>
  createExecutionService({
    kv,
    precompiles: echoPrecompiles(),
    genesis: { ...testGenesis(1), fork: o.fork ?? "osaka" },
    genesisHash: sha256(Uint8Array.of(o.hash ?? 7)),
    logger: { log: () => undefined },
  });

it("refuses the store of another chain, and leaves it as it was", async () => {
  const kv = createMemoryStore();
  await serviceOf(kv).start();
  await expect(serviceOf(kv, { hash: 8 }).start()).rejects.toMatchObject({ code: "EXEC_WRONG_CHAIN" });
  expect((await serviceOf(kv).start()).result.height).toBe(0);
});

it("refuses a fork that this node does not have", async () => {
  const unknown = serviceOf(createMemoryStore(), { fork: "atlantis" });
  await expect(unknown.start()).rejects.toMatchObject({ code: "EXEC_FORK_UNKNOWN", data: { fork: "atlantis" } });
});

it("answers nothing before its start and after its stop", async () => {
  const service = serviceOf(createMemoryStore());
  const notRunning = { code: "EXEC_NOT_RUNNING" };
  await expect(service.account(blockNumber(0), testAddress(0))).rejects.toMatchObject(notRunning);
  await service.start();
  expect(await service.account(blockNumber(0), testAddress(0))).toBeDefined();
  await service.stop();
  await expect(service.account(blockNumber(0), testAddress(0))).rejects.toMatchObject(notRunning);
});

it("says that its state is damaged where the code of an account is gone", async () => {
  const code = "0x5f";
  const at = "0x00000000000000000000000000000000000000c0";
  const { kv, reopen } = await startChain({ alloc: { [at]: { code } } });
  await kv.write([{ table: CODE, key: keccak256(fromHex(code)), value: null }], true);
  const service = await reopen(); // which has nothing of it in memory
  await expect(service.code(blockNumber(0), fromHex(at))).rejects.toMatchObject({ code: "STATE_CORRUPT" });
});
