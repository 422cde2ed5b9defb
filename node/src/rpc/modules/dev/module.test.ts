import { to0x } from "@noema/core/bytes";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { RpcDeps } from "../../deps.ts";
import { createSends } from "../../ethereum/sends.ts";
import { createRpcServer, type RpcServer } from "../../server.ts";
import { callRpc, resultOf } from "../../testing/call.ts";
import { ACCOUNT } from "../../testing/fake-blocks.ts";
import { createFakeChain } from "../../testing/fake-chain.ts";
import { createDevModule } from "./module.ts";

const from = to0x(ACCOUNT.address);
const document = { types: { Box: [{ name: "x", type: "bool" }] }, primaryType: "Box", domain: {}, message: { x: true } };
let server: RpcServer;
beforeEach(() => {
  server = createRpcServer({ port: 0 }, createFakeChain().deps);
});
afterEach(() => server.stop());

it("keeps what signs apart, so that not every page may call it", () => {
  const { deps } = createFakeChain();
  const { methods } = createDevModule({ ...deps, sends: createSends(deps), modules: () => [] });
  expect(Object.values(methods).filter((x) => x.signing)).toHaveLength(8);
  for (const [name, { signing }] of Object.entries(methods)) expect(/sign|send|personal/i.test(name), name).toBe(signing === true);
});

it("signs typed data by each of its method's names", async () => {
  const [first, ...others] = await Promise.all(
    ["eth_signTypedData_v4", "eth_signTypedData_v3", "eth_signTypedData"].map((name) => resultOf(server, name, from, document)),
  );
  expect(others).toEqual([first, first]);
  const answer = await callRpc(server, "eth_signTypedData_v4", from, { ...document, message: { x: "true" } });
  expect(answer.error).toMatchObject({ code: -32602, message: expect.stringContaining("typed data.message.x: expected true or false") });
});

it("passes over the passphrase that web3.js sends", async () => {
  expect(await resultOf(server, "personal_sign", "0x68656c6c6f", from, "")).toBe(await resultOf(server, "eth_sign", from, "0x68656c6c6f"));
});

it("says who the chain is as Hardhat and Foundry ask, on a devnet only", async () => {
  const chain = createFakeChain();
  const devnet = createRpcServer({ port: 0 }, chain.deps);
  const before = await resultOf(devnet, "hardhat_metadata");
  expect(before).toMatchObject({ chainId: 31337, instanceId: expect.stringMatching(/^0x[0-9a-f]{64}$/), latestBlockNumber: 0 });
  expect(before).not.toHaveProperty("forkedNetwork");
  chain.mine([]);
  expect(await resultOf(devnet, "anvil_metadata")).toMatchObject({ instanceId: before.instanceId, latestBlockNumber: 1 });
  expect(await resultOf(devnet, "anvil_nodeInfo")).toMatchObject({ currentBlockNumber: "0x1", environment: { chainId: 31337 } });
  expect(await resultOf(devnet, "hardhat_getAutomine")).toBe(true);
  expect((await resultOf(devnet, "anvil_nodeInfo")).environment.gasPrice).toBe(await resultOf(devnet, "eth_gasPrice"));
  const elsewhere = createRpcServer({ port: 0 }, createFakeChain({ dev: false }).deps);
  expect((await callRpc(elsewhere, "hardhat_metadata")).error?.code).toBe(-32601);
  await Promise.all([devnet.stop(), elsewhere.stop()]);
});

it("is another instance after a reset, and the same one otherwise", async () => {
  const { deps } = createFakeChain();
  let resets = 0;
  const controls = () => ({ resets }) as ReturnType<RpcDeps["chain"]["controls"]>;
  const one = createRpcServer({ port: 0 }, { ...deps, chain: { ...deps.chain, controls } });
  const instance = async () => (await resultOf(one, "hardhat_metadata")).instanceId;
  const before = await instance();
  expect(await instance()).toBe(before);
  resets++;
  expect(await instance()).not.toBe(before);
  await one.stop();
});

it("goes by the name that tools know a development chain by, unless told otherwise or it is none", async () => {
  const namesOf = async (over: Partial<RpcDeps>) => {
    const one = createRpcServer({ port: 0 }, { ...createFakeChain().deps, ...over });
    const names = [await resultOf(one, "web3_clientVersion"), (await resultOf(one, "hardhat_metadata")).clientVersion];
    await one.stop();
    return names;
  };
  const [name, shown] = await namesOf({});
  expect(name).toMatch(/^anvil\/v\d+\.\d+\.\d+ \(noema\/test\)$/);
  expect(shown).toBe(name);
  expect(await namesOf({ identity: "noema" })).toEqual(["noema/test", "noema/test"]);
  expect((await namesOf({ operations: undefined }))[0]).toBe("noema/test");
});
