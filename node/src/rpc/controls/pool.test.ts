import { to0x } from "@noema/core/bytes";
import { afterEach, expect, it } from "vitest";
import type { Operations } from "../../chain/operations.ts";
import { nextBlock } from "../ethereum/next-block.ts";
import { createRpcServer, type RpcServer } from "../server.ts";
import { callRpc, resultOf } from "../testing/call.ts";
import { ACCOUNT } from "../testing/fake-blocks.ts";
import { createFakeChain } from "../testing/fake-chain.ts";

const servers: RpcServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

function serve() {
  const chain = createFakeChain();
  const { members } = chain.deps.chain.validators();
  const alone = { ...chain.deps.chain.validators(), members: members.slice(0, 1) };
  const operations = { submit: async () => ({ outcome: 0 }) } as Operations;
  const deps = { ...chain.deps, operations, chain: { ...chain.deps.chain, validators: () => alone } };
  const server = createRpcServer({ port: 0 }, deps);
  servers.push(server);
  return { ...chain, server };
}

const from = to0x(ACCOUNT.address);

it("a transaction that is in a block cannot be dropped, which Hardhat says and anvil answers null to", async () => {
  const { server, mine } = serve();
  const waits = await resultOf(server, "eth_sendTransaction", { from, to: from });
  expect(await resultOf(server, "hardhat_dropTransaction", waits)).toBe(true);
  expect(await resultOf(server, "hardhat_dropTransaction", waits)).toBe(false);
  const mined = await resultOf(server, "eth_sendTransaction", { from, to: from });
  mine();
  expect((await callRpc(server, "hardhat_dropTransaction", mined)).error).toMatchObject({
    code: -32602,
    data: { code: "DEV_ALREADY_MINED" },
  });
  expect(await resultOf(server, "anvil_dropTransaction", mined)).toBeNull();
});

it("pending and estimates know the first transaction, however much gas it asks for, and then as much as one may", () => {
  const { deps } = serve();
  const raw = (n: number) => Uint8Array.of(n);
  const tx = (n: number, gasLimit: bigint) => ({ tx: { raw: raw(n), gasLimit }, sender: ACCOUNT.address }) as never;
  const of = (...transactions: never[]) =>
    nextBlock({ ...deps, pool: { ...deps.pool, next: () => ({ version: 1, transactions }) } }).pool.txs;
  expect(of(tx(1, 2n ** 25n), tx(2, 21_000n))).toEqual([raw(1)]);
  expect(of(tx(1, 21_000n), tx(2, 2n ** 24n))).toEqual([raw(1)]);
  expect(of(tx(1, 21_000n), tx(2, 21_000n))).toEqual([raw(1), raw(2)]);
});
